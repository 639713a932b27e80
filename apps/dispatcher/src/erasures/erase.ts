import { createHash } from 'node:crypto';
import type { FanOutMessage } from '@anika/broker/fan-out';
import { TIMING } from '@anika/core/delivery/timing';
import { parseExact } from '@anika/core/exact-json';
import type { Filter } from '@anika/core/filter';
import type { ErasureId, MessageId, PartnerId, TopicId } from '@anika/core/ids';
import { nextLookMs, RECALL_LATE_MS, type Recalled } from '@anika/core/recall';
import type { RecallReason } from '@anika/stores/mongo/delivery-recalls';
import type { ErasureWalk, Stretch, Wanted } from '@anika/stores/mongo/erasure-walk';
import type { MessageStore } from '@anika/stores/mongo/messages';
import type { RecallStore } from '@anika/stores/mongo/recalls';
import type { ClaimedErasure, ErasurePosition, ErasureStore } from '@anika/stores/postgres/erasures';
import pLimit from 'p-limit';

export type EraseNeeds = Pick<ErasureStore, 'nextTopic' | 'advance' | 'finish'> &
  Pick<ErasureWalk, 'placeAfter' | 'matching'> &
  Pick<MessageStore, 'beingFannedOut'> &
  Pick<RecallStore, 'recall' | 'lookFrom'> & {
    readonly criterionOf: (erasure: ClaimedErasure) => Filter;
    /** Of a message of a moment ago. */
    readonly cancelUnstored: (message: FanOutMessage) => Promise<void>;
    /** What follows once the contents of a message are gone. Returns how many of its deliveries waited. */
    readonly carryOut: (recalled: Recalled, reason: RecallReason) => Promise<number>;
    /** The index of words of a topic that is no more. */
    readonly removeAllWords: (topicId: TopicId) => Promise<void>;
    readonly finished: (erasure: ClaimedErasure, erased: number) => void;
    readonly clock: { now(): number };
  };

/** Messages looked at in one step: bounds memory, what is done again after a crash, and how long others wait. */
const STEP = 200;
const AT_ONCE = 8;
/** After a crash, nobody goes on for so long. A step takes less. */
export const LEASE_MS = 10_000;

export type Lease = { readonly name: string; readonly isOver: () => boolean };

/**
 * Works on an erasure until it is done or its time is over. Each step is noted once it is done; one that a crash broke
 * off is done again, and finds what it had erased by the erasure's own mark: every message counts once.
 */
export function createErase(needs: EraseNeeds) {
  return async (erasure: ClaimedErasure, lease: Lease): Promise<void> => {
    const work = { erasure, wanted: wantedBy(erasure, needs), needs };
    let progress = progressOf(erasure);
    let position = erasure.position ?? (await firstPosition(erasure, needs));
    while (position !== undefined && !lease.isOver()) {
      const { topicId, after } = position;
      const upTo = await needs.placeAfter(topicId, after, STEP);
      progress = await step({ topicId, after, upTo }, progress, work);
      const next: ErasurePosition | undefined =
        upTo === undefined ? await nextPosition(erasure, topicId, needs) : { topicId, after: upTo };
      const done = { ...progress, position: next ?? { topicId, after: END } };
      const kept = await needs.advance(erasure.id, done, {
        name: lease.name,
        untilMs: needs.clock.now() + LEASE_MS,
      });
      if (!kept) return;
      position = next;
    }
    if (position !== undefined) return;
    if (await needs.finish(erasure.id, lease.name, needs.clock.now()))
      needs.finished(erasure, progress.erased);
  };
}

type Progress = { readonly matched: number; readonly erased: number; readonly proofHash: string };

/** After all messages of a topic. */
const END = { acceptedAtMs: Date.UTC(9999, 0), id: `msg_${'z'.repeat(32)}` as Recalled['id'] };

function progressOf({ id, matched, erased, proofHash }: ClaimedErasure): Progress {
  return { matched, erased, proofHash: proofHash ?? sha256(id) };
}

function wantedBy(erasure: ClaimedErasure, { criterionOf }: EraseNeeds): Wanted {
  if (erasure.kind === 'topic') return 'all';
  return { filter: criterionOf(erasure), untilMs: erasure.createdAtMs };
}

async function firstPosition(
  { topicId, partnerId }: ClaimedErasure,
  { nextTopic }: EraseNeeds,
): Promise<ErasurePosition | undefined> {
  const first = topicId ?? (await nextTopic(partnerId, undefined));
  return first && { topicId: first, after: undefined };
}

async function nextPosition(
  erasure: { readonly topicId: TopicId | undefined; readonly kind: string; readonly partnerId: PartnerId },
  done: TopicId,
  { nextTopic, removeAllWords }: EraseNeeds,
): Promise<ErasurePosition | undefined> {
  if (erasure.kind === 'topic') await removeAllWords(done);
  if (erasure.topicId !== undefined) return undefined;
  const next = await nextTopic(erasure.partnerId, done);
  return next && { topicId: next, after: undefined };
}

type Work = { readonly erasure: ClaimedErasure; readonly wanted: Wanted; readonly needs: EraseNeeds };

/** Takes the contents of a stretch away, then does what follows for each. */
async function step(stretch: Stretch, before: Progress, { erasure, wanted, needs }: Work): Promise<Progress> {
  const atMs = needs.clock.now();
  const found: (Recalled & { isNew: boolean })[] = [];
  const young: FanOutMessage[] = [];
  for await (const matched of needs.matching(stretch, wanted, erasure.id)) {
    if (matched.kind === 'erased') found.push({ ...matched.recalled, isNew: false });
    else {
      const { dataText, ...message } = matched.message;
      if (atMs - message.acceptedAtMs < TIMING.unstoredMs) {
        young.push({ ...matched.message, data: parseExact(dataText) });
      }
      found.push({
        ...message,
        recalledAtMs: atMs,
        reason: erasure.reason,
        hash: sha256(dataText),
        isNew: true,
      });
    }
  }
  const fresh = found.filter(({ isNew }) => isNew);
  const unsettled = await needs.beingFannedOut(fresh.map(({ id }) => id));
  await needs.recall(fresh.map((one) => recallOf(one, { erasureId: erasure.id, unsettled })));
  for (const message of young) await needs.cancelUnstored(message);
  const together = pLimit(AT_ONCE);
  await Promise.all(found.map((one) => together(() => followUp(one, erasure, needs))));
  const proofHash = found.reduce((hash, one) => sha256(`${hash}\n${one.id} ${one.hash}`), before.proofHash);
  return {
    matched: before.matched + found.length,
    erased: before.erased + found.length,
    proofHash,
  };
}

type Erasing = { readonly erasureId: ErasureId; readonly unsettled: ReadonlySet<MessageId> };

function recallOf(
  { id, reason, hash, recalledAtMs, acceptedAtMs }: Recalled,
  { erasureId, unsettled }: Erasing,
) {
  const mayComeLate = recalledAtMs - acceptedAtMs < RECALL_LATE_MS || unsettled.has(id);
  const lookAtMs = mayComeLate ? nextLookMs(recalledAtMs, recalledAtMs) : undefined;
  return { ...{ id, by: undefined, reason, hash, atMs: recalledAtMs, erasureId }, lookAtMs };
}

/** Of an old message nothing comes late, unless something of it was on its way. */
async function followUp(recalled: Recalled, { kind }: ClaimedErasure, needs: EraseNeeds): Promise<void> {
  const waited = await needs.carryOut(recalled, kind === 'topic' ? 'topic-deleted' : 'recalled');
  const atMs = nextLookMs(recalled.recalledAtMs, needs.clock.now());
  if (waited > 0 && atMs !== undefined) await needs.lookFrom(recalled.id, atMs);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
