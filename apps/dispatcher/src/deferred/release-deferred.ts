import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Logger } from '@anika/runtime/logger';
import type { DeferredMessage, DeferredStore } from '@anika/stores/mongo/deferred';

export type ReleaseDeferredNeeds = Pick<DeferredStore, 'owners' | 'oldest' | 'release'> & {
  /** How many of its deliveries' jobs wait. */
  readonly countWaiting: () => Promise<number>;
  /** How many deliveries a message of a topic becomes at most. */
  readonly countReaders: (topicId: TopicId) => Promise<number>;
  /** Their jobs wait behind all that is new. */
  readonly fanOut: (messages: readonly Message[]) => Promise<void>;
  /** A name for one part, of nobody else's. */
  readonly newName: () => string;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** What is done until it is looked again, on a machine that does twice as much as any so far. */
const WAITING_MAX = 500;
const MESSAGES_MAX = 200;

/**
 * Fans out what was deferred, oldest first, each company's in its turn: never more than dispatchers have soon done, so
 * that what an endpoint does or does not take holds up none of the others. The outbox mark is on: should this process die, the
 * sweep does what it had released.
 */
export function createReleaseDeferred(needs: ReleaseDeferredNeeds): () => Promise<void> {
  let turn = 0;
  return async () => {
    const owners = await needs.owners();
    if (owners.length === 0) return;
    let free = WAITING_MAX - (await needs.countWaiting());
    const share = Math.ceil(free / owners.length);
    turn += 1;
    for (let n = 0; n < owners.length && free > 0; n += 1) {
      const ownerId = owners[(turn + n) % owners.length];
      if (ownerId !== undefined) free -= await releaseSome(ownerId, share, needs);
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
