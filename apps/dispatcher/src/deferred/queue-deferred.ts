import type { Job } from '@anika/broker/fan-out';
import { DEFERRED } from '@anika/broker/queue-order';
import type { Lanes } from '@anika/queue/lanes';

export type QueueDeferredNeeds = {
  readonly park: Lanes['park'];
  readonly addJobs: (jobs: readonly Job[]) => Promise<void>;
};

/** With so many waiting at an endpoint its next turns are given away: a job would only find that. */
const WAITING = 100;

/**
 * Jobs of what was deferred, behind all that is new. What is for an endpoint that has many waiting waits there at once: a
 * flood to endpoints that hang costs no job each.
 */
export function createQueueDeferred({ park, addJobs }: QueueDeferredNeeds) {
  return async (jobs: readonly Job[]): Promise<void> => {
    const parked = await Promise.all(
      jobs.map(({ dueMs, g, ...job }) => park({ ...job, generation: g }, { order: dueMs, least: WAITING })),
    );
    const others = jobs.filter((_, index) => parked[index] !== true);
    if (others.length > 0) await addJobs(others.map((job) => ({ ...job, priority: DEFERRED })));
  };
}
