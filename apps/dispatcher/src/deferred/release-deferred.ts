import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Logger } from '@anika/runtime/logger';
import type { DeferredMessage, DeferredStore } from '@anika/stores/mongo/deferred';
import { createPace } from './pace.ts';

export type ReleaseDeferredNeeds = Pick<DeferredStore, 'owners' | 'oldest' | 'release'> & {
  /** Whether new messages have to wait, or would if there were more to do. */
  readonly isBusy: () => Promise<boolean>;
  /** How many deliveries a message of a topic becomes at most. */
  readonly countReaders: (topicId: TopicId) => Promise<number>;
  /** Their jobs wait behind all that is new. */
  readonly fanOut: (messages: readonly Message[]) => Promise<void>;
  /** A name for one part, of nobody else's. */
  readonly newName: () => string;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const MESSAGES_MAX = 200;
/** How long nobody looks again after nothing was deferred. */
const IDLE_MS = 500;

/**
 * Fans out what was deferred, oldest first, each company's in its turn, as dispatchers have time for it. What an endpoint
 * takes or does not take says nothing here: no reader holds up the others. The outbox mark is on: should this process die,
 * the sweep does what it had released.
 */
export function createReleaseDeferred(needs: ReleaseDeferredNeeds): () => Promise<void> {
  const pace = createPace();
  let turn = 0;
  let lookAtMs = 0;
  return async () => {
    const nowMs = needs.clock.now();
    if (nowMs < lookAtMs) return;
    const owners = await needs.owners();
    lookAtMs = owners.length === 0 ? nowMs + IDLE_MS : nowMs;
    if (owners.length === 0) return;
    let left = pace.next(await needs.isBusy());
    const share = Math.ceil(left / owners.length);
    turn += 1;
    for (let n = 0; n < owners.length && left > 0; n += 1) {
      const ownerId = owners[(turn + n) % owners.length];
      if (ownerId === undefined) continue;
      const deliveries = await releaseSome(ownerId, share, needs);
      pace.spent(deliveries);
      left -= deliveries;
    }
  };
}

/** At least one message, however many read it; returns how many deliveries they become at most. */
async function releaseSome(ownerId: PartnerId, most: number, needs: ReleaseDeferredNeeds): Promise<number> {
  const { ids, deliveries } = await chooseSome(await needs.oldest(ownerId, MESSAGES_MAX), most, needs);
  const released = await needs.release(ids, needs.newName(), needs.clock.now());
  try {
    if (released.length > 0) await needs.fanOut(released);
  } catch (error) {
    needs.logger.warn({ err: error, messages: released.length }, 'deferred messages are left to the sweep');
  }
  return deliveries;
}

async function chooseSome(
  oldest: readonly DeferredMessage[],
  most: number,
  { countReaders }: Pick<ReleaseDeferredNeeds, 'countReaders'>,
): Promise<{ readonly ids: readonly MessageId[]; readonly deliveries: number }> {
  const ids: MessageId[] = [];
  let deliveries = 0;
  for (const { id, topicId } of oldest) {
    const readers = await countReaders(topicId);
    if (ids.length > 0 && deliveries + readers > most) break;
    ids.push(id);
    deliveries += readers;
  }
  return { ids, deliveries };
}
