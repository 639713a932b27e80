import type { EndpointLoad } from '@anika/core/delivery/endpoint-load';
import { TIMING } from '@anika/core/delivery/timing';
import type { Lanes } from '@anika/queue/lanes';
import type { Logger } from '@anika/runtime/logger';
import type { Command, DeliverNeeds } from './deliver-needs.ts';
import type { ReadyTarget } from './ready-target.ts';
import type { Shares } from './shares.ts';

type Needs = {
  readonly lanes: Pick<Lanes, 'enter' | 'leave' | 'close'>;
  /** Jobs for those whose turn has come, and nobody here goes on with. */
  readonly addUnparked: (jobs: Awaited<ReturnType<Lanes['leave']>>) => Promise<unknown>;
  readonly shares: Pick<Shares, 'seen'>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly clock: { now(): number };
};

/** A place in the lane of an endpoint, taken and given back: places lapse by themselves, so nothing waits for Redis. */
export function createUseLane({ lanes, addUnparked, shares, clock, logger }: Needs): DeliverNeeds['lane'] {
  const ttlMs = ({ target }: ReadyTarget) => target.subscription.timeoutMs + TIMING.laneSlackMs;
  const placeOf = ({ deliveryId, subscriptionId, generation }: Command, { target }: ReadyTarget) => ({
    deliveryId,
    subscriptionId,
    generation,
    partnerId: target.subscription.partnerId,
  });
  function notLeft({ deliveryId }: Command, error: unknown): void {
    logger.warn({ err: error, deliveryId }, 'lane not left; the place lapses by itself');
  }
  return {
    enter(command: Command, ready: ReadyTarget) {
      const { maxConcurrency, rateLimitPerSecond, partnerId } = ready.target.subscription;
      shares.seen(partnerId, ready.target.topic.ownerId);
      const nowMs = clock.now();
      return lanes.enter(
        placeOf(command, ready),
        { concurrency: maxConcurrency, ratePerSecond: rateLimitPerSecond },
        { nowMs, ttlMs: ttlMs(ready), order: command.dueMs ?? nowMs },
      );
    },
    async leave(
      command: Command,
      ready: ReadyTarget,
      { goesOn, load }: { goesOn: boolean; load: EndpointLoad },
    ): Promise<Command | undefined> {
      try {
        const time = { nowMs: clock.now(), ttlMs: ttlMs(ready) };
        const concurrency = ready.target.subscription.maxConcurrency;
        const jobs = await lanes.leave(placeOf(command, ready), { goesOn, load, concurrency }, time);
        const [next] = goesOn ? jobs : [];
        const others = next === undefined ? jobs : jobs.slice(1);
        if (others.length > 0) await addUnparked(others);
        return next && { ...next, generation: next.g, dueMs: undefined, isFresh: false };
      } catch (error) {
        notLeft(command, error);
        return undefined;
      }
    },
    async close(command: Command): Promise<void> {
      try {
        await lanes.close(command);
      } catch (error) {
        notLeft(command, error);
      }
    },
  };
}
