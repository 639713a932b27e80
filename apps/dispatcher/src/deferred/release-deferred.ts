import type { MessageId, PartnerId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Logger } from '@anika/runtime/logger';
import type { DeferredStore } from '@anika/stores/mongo/deferred';
import { LRUCache } from 'lru-cache';
import { createPace } from './pace.ts';

export type ReleaseDeferredNeeds = Pick<DeferredStore, 'deferring' | 'oldest' | 'release'> & {
  /** Whether new messages have to wait, or would if there were more to do. */
  readonly isBusy: () => Promise<boolean>;
  /** Their jobs wait behind all that is new. Resolves with how many deliveries there are. */
  readonly fanOut: (messages: readonly Message[]) => Promise<number>;
  /** A name for one part, of nobody else's. */
  readonly newName: () => string;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const MESSAGES_MAX = 200;
/** How long nobody looks again after nothing was deferred. */
const IDLE_MS = 500;
const OWNERS_MAX = 1000;

/**
 * Fans out what was deferred, the oldest of each company first, as dispatchers have time for it. What an endpoint takes or
 * does not take says nothing here: no reader holds up the others by being slow or away. The outbox mark is on: should
 * this process die, the sweep does what it had released.
 */
export function createReleaseDeferred(needs: ReleaseDeferredNeeds): () => Promise<void> {
  const pace = createPace();
  /** How many deliveries a message of a company became last. */
  const width = new LRUCache<PartnerId, number>({ max: OWNERS_MAX });
  let lookAtMs = 0;

  async function releaseSome(ownerId: PartnerId): Promise<void> {
    const due = pace.dueOf(ownerId);
    if (due <= 0) return;
    const count = Math.max(1, Math.min(MESSAGES_MAX, Math.floor(due / (width.get(ownerId) ?? due))));
    const ids = await needs.oldest(ownerId, count);
    const { released, deliveries } = await fanOutSome(ids, needs);
    if (released === 0) return;
    width.set(ownerId, deliveries / released);
    pace.made(ownerId, deliveries);
  }

  return async () => {
    const nowMs = needs.clock.now();
    if (nowMs < lookAtMs) return;
    const owners = (await needs.deferring()).map(({ ownerId }) => ownerId);
    lookAtMs = owners.length === 0 ? nowMs + IDLE_MS : nowMs;
    if (owners.length === 0) return;
    pace.next(owners, await needs.isBusy());
    for (const ownerId of owners) await releaseSome(ownerId);
  };
}

async function fanOutSome(
  ids: readonly MessageId[],
  needs: ReleaseDeferredNeeds,
): Promise<{ readonly released: number; readonly deliveries: number }> {
  if (ids.length === 0) return { released: 0, deliveries: 0 };
  const messages = await needs.release(ids, needs.newName(), needs.clock.now());
  const released = messages.length;
  if (released === 0) return { released, deliveries: 0 };
  try {
    return { released, deliveries: await needs.fanOut(messages) };
  } catch (error) {
    needs.logger.warn({ err: error, messages: released }, 'deferred messages are left to the sweep');
    return { released, deliveries: released };
  }
}
