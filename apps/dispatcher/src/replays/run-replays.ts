import { newDelivery } from '@anika/broker/fan-out';
import { BEHIND_ALL } from '@anika/broker/queue-order';
import { type ReplayFind, type ReplayPageNeeds, readReplayPage } from '@anika/broker/replay-page';
import { orderedAtMs } from '@anika/core/accepted-order';
import { DELIVERY_STATES, type Delivery } from '@anika/core/delivery/delivery';
import type { ReplayId, SubscriptionId } from '@anika/core/ids';
import { nextAtOnce } from '@anika/core/replay/at-once';
import { compileReplay } from '@anika/core/replay/judge-messages';
import { nextStep, type ReplayStep } from '@anika/core/replay/next-step';
import { countsOf, type Replay, type ReplayStatus } from '@anika/core/replay/replay';
import type { Target } from '@anika/core/route';
import type { DeliverJob } from '@anika/queue/job-seal';
import { BUSY_PART } from '@anika/runtime/busy-part';
import type { Logger } from '@anika/runtime/logger';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { LeasedReplay, ReplayStore } from '@anika/stores/postgres/replays';
import { LRUCache } from 'lru-cache';

export type RunReplaysNeeds = ReplayPageNeeds &
  Pick<ReplayStore, 'claim' | 'advance' | 'become' | 'settle'> &
  Pick<DeliveryStore, 'startReplayed' | 'countReplayed'> & {
    /** As it is at this moment, asked of the database and no cache. */
    readonly loadTarget: (id: SubscriptionId) => Promise<Target | undefined>;
    readonly addJobs: (jobs: readonly DeliverJob[]) => Promise<void>;
    /** A name for one lease, of nobody else's. */
    readonly newLease: () => string;
    /** The part of its time, 0 to 1, that this process was busy since it was asked last. */
    readonly busyPart: () => number;
    readonly logger: Logger;
  };

/** Who dies has a replay no longer than this; far above what one turn takes. */
const LEASE_MS = 10_000;
/** How long one turn reads where it finds nothing to send. */
const TURN_MS = 300;
const AFTER_ERROR_MS = 2000;
const AGAIN_MS = 250;
const REPLAYS_KEPT = 1000;
/** What says whether it may go on: few of them, whatever has arrived. */
const LOOKED_AT = ['pending', 'retrying', 'held', 'dead'] as const;

/**
 * Takes turns at all replays that are due, each a part of a second's worth of deliveries. One dispatcher at a time has
 * a replay, for one turn; should it die, another one repeats the turn, which starts nothing twice.
 */
export function createRunReplays(needs: RunReplaysNeeds): (signal: AbortSignal) => Promise<void> {
  const { clock, logger } = needs;
  const atOnce = new LRUCache<ReplayId, number>({ max: REPLAYS_KEPT });
  return async (signal) => {
    while (!signal.aborted) {
      const nowMs = clock.now();
      const leased = await needs.claim(nowMs, { by: needs.newLease(), untilMs: nowMs + LEASE_MS });
      if (leased === undefined) return;
      try {
        await takeTurn(leased, atOnce, needs);
      } catch (error) {
        logger.warn(
          { err: error, replayId: leased.replay.id },
          'a turn of a replay failed; it is tried again',
        );
        await needs.advance(leased, { dueAtMs: clock.now() + AFTER_ERROR_MS });
      }
    }
  };
}

async function takeTurn(
  leased: LeasedReplay,
  atOnce: LRUCache<ReplayId, number>,
  needs: RunReplaysNeeds,
): Promise<void> {
  const { replay } = leased;
  const [target, counted] = await Promise.all([
    needs.loadTarget(replay.subscriptionId),
    needs.countReplayed([replay.id], LOOKED_AT),
  ]);
  const found = counted.get(replay.id);
  const counts = countsOf((state) => found?.[state] ?? 0);
  // What is pulled waits for its reader, and for nobody here.
  const isBusy = needs.busyPart() > BUSY_PART && target?.subscription.delivery !== 'pull';
  const most = nextAtOnce(atOnce.get(replay.id), { pending: counts.pending, isBusy });
  atOnce.set(replay.id, most);
  const step = nextStep(replay, { target, counts, nowMs: needs.clock.now(), atOnce: most });
  switch (step.kind) {
    case 'wait':
      return needs.advance(leased, { dueAtMs: needs.clock.now() + step.ms });
    case 'become':
      return become(leased, step.status, needs);
    case 'settle':
      return settle(leased, needs);
    case 'read':
      // Without a target there is no such step.
      return target && read(leased, { step, target }, needs);
  }
}

async function become(leased: LeasedReplay, status: ReplayStatus, needs: RunReplaysNeeds): Promise<void> {
  const nowMs = needs.clock.now();
  // Somebody was faster: it is looked at again as it is now.
  if (!(await needs.become(leased, status, nowMs))) return needs.advance(leased, { dueAtMs: nowMs });
  const { id, subscriptionId, matched } = leased.replay;
  needs.logger.info({ replayId: id, subscriptionId, matched, ...status }, 'replay');
}

async function settle(leased: LeasedReplay, needs: RunReplaysNeeds): Promise<void> {
  const { id, subscriptionId, matched } = leased.replay;
  const counted = (await needs.countReplayed([id], DELIVERY_STATES)).get(id);
  const counts = countsOf((state) => counted?.[state] ?? 0);
  const nowMs = needs.clock.now();
  if (!(await needs.settle(leased, counts, nowMs))) return needs.advance(leased, { dueAtMs: nowMs });
  const { delivered, dead, cancelled } = counts;
  needs.logger.info({ replayId: id, subscriptionId, matched, delivered, dead, cancelled }, 'replay ended');
}

type ReadStep = Extract<ReplayStep, { kind: 'read' }>;

/** The place is written down after the jobs are stored: a crash before that repeats the turn. */
async function read(
  leased: LeasedReplay,
  { step, target }: { readonly step: ReadStep; readonly target: Target },
  needs: RunReplaysNeeds,
): Promise<void> {
  const { replay } = leased;
  const { clock } = needs;
  const { max, untilMs, isLast } = step;
  const reading = { ...replay, untilMs, judge: compileReplay(target, replay) };
  const overAtMs = clock.now() + TURN_MS;
  let position = replay.position;
  let started = 0;
  let isEnd = false;
  while (!isEnd && started < max && clock.now() < overAtMs) {
    const page = await readReplayPage({ ...reading, after: position }, needs);
    const finds = page.finds.slice(0, max - started);
    await start(replay, { finds, target }, needs);
    started += finds.length;
    const cutAt = finds.length < page.finds.length ? finds.at(-1)?.message : undefined;
    position = cutAt === undefined ? (page.reached ?? position) : positionOf(cutAt);
    isEnd = cutAt === undefined && page.isEnd;
  }
  const pausedMs = isEnd && !isLast ? AGAIN_MS : 0;
  await needs.advance(leased, {
    position,
    isRead: isEnd && isLast,
    moreMatched: started,
    dueAtMs: clock.now() + Math.max(pausedMs, (started * 1000) / replay.perSecond),
  });
}

function positionOf({ acceptedAtMs, id }: { acceptedAtMs: number; id: string }) {
  return { acceptedAtMs, id };
}

async function start(
  replay: Replay,
  { finds, target }: { readonly finds: readonly ReplayFind[]; readonly target: Target },
  needs: RunReplaysNeeds,
): Promise<void> {
  if (finds.length === 0) return;
  const nowMs = needs.clock.now();
  const sent = { subscription: target.subscription, mode: 'send' } as const;
  const idsWith = (act: ReplayFind['act']) =>
    finds.flatMap((find) => (find.act === act ? [find.deliveryId] : []));
  const make = finds.flatMap(({ act, message }) =>
    act === 'make' ? [{ ...newDelivery(message, sent, nowMs), replayId: replay.id }] : [],
  );
  const parts = { make, again: idsWith('again'), ours: idsWith('ours') };
  const open = await needs.startReplayed(replay, parts, nowMs);
  // What is pulled its reader finds by itself.
  const toSend = open.filter(({ pull }) => pull !== true);
  await needs.addJobs(toSend.map(toJob).sort((a, b) => a.dueMs - b.dueMs));
}

/** At its endpoint as well it goes after what is new, and among its like in the order of acceptance. */
const AFTER_NEW_MS = 30 * 365 * 86_400_000;

function toJob({ id, messageId, subscriptionId, generation, acceptedAtMs, order }: Delivery) {
  return {
    deliveryId: id,
    messageId,
    subscriptionId,
    g: generation,
    dueMs: orderedAtMs(acceptedAtMs, order) + AFTER_NEW_MS,
    priority: BEHIND_ALL,
  };
}
