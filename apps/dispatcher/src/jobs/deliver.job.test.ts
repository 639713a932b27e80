import { describe, expect, it } from 'vitest';
import type { Command, JobOutcome } from '../deliver/deliver-message.ts';
import { createDeliverJob } from './deliver.job.ts';

const STEM = '0'.repeat(26);
const DONE: JobOutcome = { kind: 'done' };

const idOf = (n: number) => `dlv_${STEM}${String(n).padStart(16, '0')}`;

function world(outcomes: Record<string, JobOutcome | Error> = {}) {
  const delivered: Command[] = [];
  const queued: [string, number][] = [];
  const failed: string[] = [];
  const unreadable: unknown[] = [];
  const closing = new AbortController();
  const abort = new AbortController();
  let gate: Promise<void> | undefined;
  let underWay = 0;
  let mostUnderWay = 0;
  let isQueueAway = false;
  const run = createDeliverJob({
    async deliver(command) {
      delivered.push(command);
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await (command.generation > 1 ? undefined : gate);
      await new Promise(setImmediate);
      underWay -= 1;
      const outcome = outcomes[command.deliveryId] ?? DONE;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    async queueAgain({ deliveryId }, atMs) {
      if (isQueueAway) throw new Error('away');
      queued.push([deliveryId, atMs]);
    },
    failed: ({ deliveryId }) => void failed.push(deliveryId),
    unreadable: (data) => void unreadable.push(data),
    sharersAtOnce: 10,
    clock: { now: () => 1000 },
  });
  return {
    delivered,
    queued,
    failed,
    unreadable,
    mostUnderWay: () => mostUnderWay,
    stop: () => closing.abort(),
    abort: () => abort.abort(),
    /** Deliveries of a first generation wait until what is returned is called. */
    hold() {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    loseQueue: () => {
      isQueueAway = true;
    },
    run: (data: unknown, isFirst = true) =>
      run(data, { closing: closing.signal, signal: abort.signal, isFirst }),
  };
}

const shared = (count: number) => ({
  deliveries: Array.from({ length: count }, (_, n) => [idOf(n), `sub_${n}`, n] as const),
});

describe('createDeliverJob()', () => {
  it('delivers the one delivery of a job of its own, and says what becomes of that job', async () => {
    const again: JobOutcome = { kind: 'again', atMs: 5000 };
    const { run, delivered, queued } = world({ [idOf(1)]: again });
    const data = {
      deliveryId: idOf(1),
      messageId: `msg_${STEM}`,
      subscriptionId: 'sub_1',
      g: 3,
      fresh: true,
    };
    expect(await run(data)).toEqual(again);
    expect(delivered).toEqual([
      {
        deliveryId: idOf(1),
        messageId: `msg_${STEM}`,
        subscriptionId: 'sub_1',
        generation: 3,
        dueMs: undefined,
        isFresh: true,
      },
    ]);
    expect(queued).toEqual([]);
  });

  it('delivers all that share a job, each of the message that its id tells', async () => {
    const { run, delivered } = world();
    expect(await run(shared(3))).toEqual(DONE);
    expect(
      delivered.map(({ deliveryId, subscriptionId, dueMs }) => [deliveryId, subscriptionId, dueMs]),
    ).toEqual(shared(3).deliveries);
    expect(
      delivered.every(
        ({ messageId, generation, isFresh }) => messageId === `msg_${STEM}` && generation === 1 && isFresh,
      ),
    ).toBe(true);
  });

  it('has no more under way than it may, of however many jobs, and lets the others have their turn', async () => {
    const { run, delivered, mostUnderWay } = world();
    const more = { deliveries: shared(40).deliveries.slice(25) };
    expect(await Promise.all([run(shared(25)), run(more)])).toEqual([DONE, DONE]);
    expect([delivered.length, mostUnderWay()]).toEqual([40, 10]);
  });

  it('asks again about deliveries of a shared job that somebody has begun before', async () => {
    const { run, delivered } = world();
    await run(shared(2), false);
    expect(delivered.map(({ isFresh }) => isFresh)).toEqual([false, false]);
  });

  it('gives a job of its own to whoever of a shared one must come back', async () => {
    const { run, queued } = world({ [idOf(1)]: { kind: 'again', atMs: 7000 } });
    expect(await run(shared(3))).toEqual(DONE);
    expect(queued).toEqual([[idOf(1), 7000]]);
  });

  it('brings back the one that met an unexpected error, and delivers the others', async () => {
    const { run, queued, failed, delivered } = world({ [idOf(0)]: new Error('a bug') });
    expect(await run(shared(3))).toEqual(DONE);
    expect(delivered).toHaveLength(3);
    expect([failed, queued]).toEqual([[idOf(0)], [[idOf(0), 3000]]]);
  });

  it('comes back as a whole when the queue is away as well', async () => {
    const { run, failed, delivered, loseQueue } = world({ [idOf(0)]: { kind: 'again', atMs: 7000 } });
    loseQueue();
    expect(await run(shared(2))).toEqual({ kind: 'again', atMs: 3000 });
    expect(failed).toEqual([idOf(0)]);
    expect(delivered).toHaveLength(2);
  });

  it('begins nothing more when the process is asked to stop, ends what it has begun, and comes back', async () => {
    const { run, queued, delivered, stop, hold } = world({ [idOf(1)]: { kind: 'again', atMs: 7000 } });
    const open = hold();
    const running = run(shared(25));
    await expect.poll(() => delivered.length).toBe(10);
    stop();
    open();
    expect(await running).toEqual({ kind: 'again', atMs: 1000 });
    expect([delivered.length, queued]).toEqual([10, [[idOf(1), 7000]]]);
  });

  it('leaves a job of its own to others when the process is asked to stop', async () => {
    const { run, delivered, stop } = world();
    stop();
    const own = { deliveryId: idOf(1), messageId: `msg_${STEM}`, subscriptionId: 'sub_1', g: 1 };
    expect(await run(own)).toEqual({ kind: 'again', atMs: 1000 });
    expect(delivered).toEqual([]);
  });

  it('comes back as a whole when what it has begun was cut off', async () => {
    const { run, queued, delivered, stop, abort, hold } = world({ [idOf(1)]: { kind: 'again', atMs: 1000 } });
    const open = hold();
    const running = run(shared(3));
    await expect.poll(() => delivered.length).toBe(3);
    stop();
    abort();
    open();
    expect(await running).toEqual({ kind: 'again', atMs: 1000 });
    expect(queued).toEqual([]);
  });

  it('lets a job of its own pass while those that share jobs are as many as may be', async () => {
    const { run, delivered, hold } = world();
    const open = hold();
    const running = run(shared(25));
    await expect.poll(() => delivered.length).toBe(10);
    const own = { deliveryId: idOf(30), messageId: `msg_${STEM}`, subscriptionId: 'sub_30', g: 2 };
    expect(await run(own)).toEqual(DONE);
    open();
    expect(await running).toEqual(DONE);
  });

  it.each([
    ['nothing', undefined],
    ['another shape', { deliveryId: 'x' }],
    ['a sharer of another shape', { deliveries: [['dlv_1', 'sub_1']] }],
  ])('puts down a job with %s', async (_title, data) => {
    const { run, unreadable, delivered } = world();
    expect(await run(data)).toEqual(DONE);
    expect([unreadable, delivered]).toEqual([[data], []]);
  });
});
