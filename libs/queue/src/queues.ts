import { type DeadLetterJobV1, deadLetterJobV1 } from '@anika/contracts/jobs';
import { type DeliveryId, deliverJobId } from '@anika/core/ids';
import { within } from '@anika/runtime/deadline';
import { Unavailable } from '@anika/runtime/unavailable';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { DeliverJob, JobSeal } from './job-seal.ts';

export const QUEUE_NAMES = {
  deliver: 'deliver',
  deadLetter: 'dead-letter',
  maintenance: 'maintenance',
} as const;

/** A delivery that was given up, as operators see it. */
export type DeadLetter = Omit<DeadLetterJobV1, 'v'>;
export type MaintenanceJob = Readonly<Record<string, never>>;
export const MAINTENANCE = { sweep: 'sweep', expire: 'expire' } as const;

export type Queues = ReturnType<typeof createQueues>;

/** Jobs leave nothing behind, so the same id can be added again; MongoDB keeps the history. */
const LEAVE_NOTHING = { removeOnComplete: true, removeOnFail: true } as const;

/** BullMQ waits for its connection without limit; nobody else may. */
const DEADLINE_MS = 3000;
const REMOVED_AT_ONCE = 100;

async function guarded<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await within(work(), { ms: DEADLINE_MS, what: 'Redis' });
  } catch (error) {
    throw error instanceof Unavailable ? error : new Unavailable('Redis', { cause: error });
  }
}

/** BullMQ's own: within a priority jobs are in the order of their coming. */
function scoreOf(priority: number): number {
  return priority * 0x1_0000_0000;
}

/** The three queues as their producers see them. `connection` must not queue commands while it is offline. */
export function createQueues(options: { connection: Redis; prefix: string; seal: JobSeal }) {
  const { connection, prefix, seal: jobSeal } = options;
  const settings = { connection, prefix, defaultJobOptions: LEAVE_NOTHING, skipVersionCheck: true };
  const deliver = new Queue<Record<string, unknown>>(QUEUE_NAMES.deliver, settings);
  const deadLetter = new Queue<DeadLetterJobV1>(QUEUE_NAMES.deadLetter, settings);
  const maintenance = new Queue<MaintenanceJob>(QUEUE_NAMES.maintenance, settings);
  for (const queue of [deliver, deadLetter, maintenance]) queue.on('error', () => undefined);
  return {
    all: [deliver, deadLetter, maintenance] as const,

    /** Adds a job a delivery. Adding the same generation again changes nothing while its job exists. */
    async addDeliveries(jobs: readonly DeliverJob[]): Promise<void> {
      if (jobs.length === 0) return;
      await guarded(() =>
        deliver.addBulk(
          jobs.map((job) => ({
            name: 'deliver',
            data: jobSeal.seal(job),
            opts: {
              jobId: deliverJobId(job.deliveryId, job.g),
              ...(job.priority && { priority: job.priority }),
            },
          })),
        ),
      );
    },

    /**
     * Adds jobs for deliveries that waited outside the queue for their endpoint. `turn` makes the id a new
     * one: the job that parked the delivery may not have left the queue yet and would swallow its own id. They
     * go first: they have waited already, and hold a place at their endpoint meanwhile.
     */
    async addUnparked(jobs: readonly DeliverJob[], turn: string): Promise<void> {
      if (jobs.length === 0) return;
      await guarded(() =>
        deliver.addBulk(
          jobs.map((job) => ({
            name: 'deliver',
            data: jobSeal.seal(job),
            opts: { jobId: `${deliverJobId(job.deliveryId, job.g)}_${turn}`, lifo: true },
          })),
        ),
      );
    },

    /** The job of a delivery's generation, where it can be seen in Bull Board. */
    async findJob(deliveryId: DeliveryId, g: number) {
      const id = deliverJobId(deliveryId, g);
      for (const queue of [deliver, deadLetter]) {
        const state = await guarded(() => queue.getJobState(id));
        if (state !== 'unknown') return { queue: queue.name, id, state };
      }
      return undefined;
    },

    /** Takes away the job that waits for a delivery's next attempt; one that is under way ends by itself. */
    async removeDelivery(job: Pick<DeliverJob, 'deliveryId' | 'g'>): Promise<void> {
      await guarded(() => deliver.remove(deliverJobId(job.deliveryId, job.g)));
    },

    /** The same for many; returns once all are seen to. */
    async removeDeliveries(jobs: readonly Pick<DeliverJob, 'deliveryId' | 'g'>[]): Promise<void> {
      for (let at = 0; at < jobs.length; at += REMOVED_AT_ONCE) {
        const some = jobs.slice(at, at + REMOVED_AT_ONCE);
        await guarded(() =>
          Promise.all(some.map(({ deliveryId, g }) => deliver.remove(deliverJobId(deliveryId, g)))),
        );
      }
    },

    /** Adds a job for a delivery that has none, to run at a time. */
    async addDelayed(job: DeliverJob, delayMs: number): Promise<void> {
      const opts = { jobId: deliverJobId(job.deliveryId, job.g), delay: Math.max(0, delayMs) };
      await guarded(() => deliver.add('deliver', jobSeal.seal(job), opts));
    },

    async addDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
      if (letters.length === 0) return;
      await guarded(() =>
        deadLetter.addBulk(
          letters.map((data) => ({
            name: 'dead',
            data: { v: 1 as const, ...data },
            opts: { jobId: deliverJobId(data.deliveryId, data.g) },
          })),
        ),
      );
    },

    /** The dead letters of redriven deliveries are no more. */
    async removeDeadLetters(jobs: readonly Pick<DeliverJob, 'deliveryId' | 'g'>[]): Promise<void> {
      await guarded(() =>
        Promise.all(jobs.map((job) => deadLetter.remove(deliverJobId(job.deliveryId, job.g)))),
      );
    },

    /** Jobs of the dead-letter queue from this place on, oldest first; what is no such job is left out. */
    async listDeadLetters(from: number, count: number): Promise<DeadLetterJobV1[]> {
      const jobs = await guarded(() => deadLetter.getJobs(['waiting'], from, from + count - 1, true));
      return jobs.flatMap((job) => deadLetterJobV1.safeParse(job.data).data ?? []);
    },

    /** Asks for a sweep now; requests that arrive while one waits are one. */
    async requestSweep(): Promise<void> {
      await guarded(() => maintenance.add(MAINTENANCE.sweep, {}, { jobId: 'sweep-now' }));
    },

    /** The repeated jobs; called again and again, since a Redis without its data has forgotten them. */
    async scheduleMaintenance(every: { sweepMs: number; expireMs: number }): Promise<void> {
      await guarded(async () => {
        await maintenance.upsertJobScheduler(
          'sweep',
          { every: every.sweepMs },
          { name: MAINTENANCE.sweep, data: {}, opts: LEAVE_NOTHING },
        );
        await maintenance.upsertJobScheduler(
          'expire',
          { every: every.expireMs },
          { name: MAINTENANCE.expire, data: {}, opts: LEAVE_NOTHING },
        );
      });
    },

    /**
     * How old the job is that has half of those before it which wait, in milliseconds: about half of what a new one will
     * wait. The first ones would not tell: turns at endpoints are put before all. Of those that wait in the order of
     * their coming and those that wait before a `priority`, the older.
     */
    async middleAgeMs(nowMs: number, priority: number): Promise<number> {
      return guarded(async () => {
        const [wait, behind] = [deliver.toKey('wait'), deliver.toKey('prioritized')];
        const [waiting, put] = await Promise.all([
          connection.llen(wait),
          connection.zcount(behind, '-inf', `(${scoreOf(priority)}`),
        ]);
        const [first, second] = await Promise.all([
          connection.lindex(wait, Math.floor(waiting / 2)),
          put === 0 ? [] : connection.zrange(behind, `${Math.floor(put / 2)}`, `${Math.floor(put / 2)}`),
        ]);
        const ids = [first, ...second].flatMap((id) => id ?? []);
        const created = await Promise.all(ids.map((id) => connection.hget(deliver.toKey(id), 'timestamp')));
        return Math.max(0, ...created.flatMap((at) => (at === null ? [] : nowMs - Number(at))));
      });
    },

    /** How many jobs of a priority wait. */
    async countWaiting(priority: number): Promise<number> {
      const [from, to] = [scoreOf(priority), scoreOf(priority + 1)];
      return guarded(() => connection.zcount(deliver.toKey('prioritized'), from, `(${to}`));
    },

    /** Jobs by queue and state, for the metrics. */
    async depths(): Promise<{ queue: string; state: string; jobs: number }[]> {
      const perQueue = await guarded(() =>
        Promise.all(
          [deliver, deadLetter, maintenance].map(async (queue) => ({
            queue: queue.name,
            counts: await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'prioritized'),
          })),
        ),
      );
      return perQueue.flatMap(({ queue, counts }) =>
        Object.entries(counts).map(([state, jobs]) => ({ queue, state, jobs })),
      );
    },

    async close(): Promise<void> {
      await Promise.allSettled([deliver.close(), deadLetter.close(), maintenance.close()]);
    },
  };
}
