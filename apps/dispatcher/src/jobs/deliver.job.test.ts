import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { DeliverJob } from '@anika/queue/job-seal';
import { describe, expect, it } from 'vitest';
import type { Command, JobOutcome } from '../deliver/deliver-needs.ts';
import { createDeliverJob } from './deliver.job.ts';

const AGAIN: JobOutcome = { kind: 'again', atMs: 5000 };
const message = { dataText: '{}' } as Message;
const job: DeliverJob = {
  deliveryId: 'dlv_1' as DeliveryId,
  messageId: 'msg_1' as MessageId,
  subscriptionId: 'sub_1' as SubscriptionId,
  g: 3,
  dueMs: 7,
  fresh: true,
  message,
};

function world(opened: DeliverJob | undefined) {
  const delivered: Command[] = [];
  let refused = 0;
  const closing = new AbortController();
  const run = createDeliverJob({
    open: () => opened,
    async deliver(command) {
      delivered.push(command);
      return AGAIN;
    },
    refused: () => {
      refused += 1;
    },
    clock: { now: () => 1000 },
  });
  return {
    delivered,
    refused: () => refused,
    stop: () => closing.abort(),
    run: (isFirst = true) =>
      run({}, { closing: closing.signal, signal: new AbortController().signal, isFirst }),
  };
}

const { g: generation, fresh: _, ...ids } = job;

describe('createDeliverJob()', () => {
  it('delivers what the job says, and says what becomes of the job', async () => {
    const { run, delivered, refused } = world(job);
    expect(await run()).toEqual(AGAIN);
    expect(delivered).toEqual([{ ...ids, generation, isFresh: true }]);
    expect(refused()).toBe(0);
  });

  it('takes nothing for fresh that somebody has begun before, and no message from it', async () => {
    const { run, delivered } = world(job);
    await run(false);
    expect(delivered).toEqual([{ ...ids, generation, isFresh: false, message: undefined }]);
  });

  it('puts down what ANIKA has not made, and counts it', async () => {
    const { run, delivered, refused } = world(undefined);
    expect(await run()).toEqual({ kind: 'done' });
    expect([delivered, refused()]).toEqual([[], 1]);
  });

  it('asked to stop, it begins nothing and leaves the job to others at once', async () => {
    const { run, stop, delivered } = world(job);
    stop();
    expect(await run()).toEqual({ kind: 'again', atMs: 1000 });
    expect(delivered).toEqual([]);
  });
});
