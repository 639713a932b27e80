import type { Matcher } from '@anika/core/audience/matching';
import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { DeliveryId, MessageId, PartnerId, TopicId } from '@anika/core/ids';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FanOutMessage, Job } from './fan-out.ts';
import { createFirstFanOut } from './first-fan-out.ts';
import type { CompiledRoute } from './route-cache.ts';

function matcher(id: string, mode: Matcher['mode']): Matcher {
  const subscription = { id, partnerId: 'par_1', state: mode === 'send' ? 'active' : 'paused' };
  const wants = { createdAtMs: 0, types: new Set(), matches: () => true };
  return { subscription, mode, isOwner: true, grant: undefined, wants } as unknown as Matcher;
}

function pulling(id: string, mode: Matcher['mode'] = 'send'): Matcher {
  const one = matcher(id, mode);
  return { ...one, subscription: { ...one.subscription, delivery: 'pull' } };
}

function message(n: number): FanOutMessage {
  return {
    id: `msg_${String(n).padStart(26, '0')}` as MessageId,
    topicId: 'top_1' as TopicId,
    acceptedAtMs: n,
    data: `слово${n}`,
    dataText: `"слово${n}"`,
  } as FanOutMessage;
}

function world(matchers: readonly Matcher[]) {
  const stored = new Map<DeliveryId, NewDelivery>();
  const log: string[] = [];
  const jobs: Job[] = [];
  const marked: MessageId[] = [];
  const words: string[] = [];
  const failures: unknown[] = [];
  const away = { queue: false, store: false };
  /** A message whose words or delivery no store takes. */
  const poison: { words?: number; delivery?: number } = {};
  const first = createFirstFanOut({
    route: async () => ({ matchers }) as unknown as CompiledRoute,
    async addJobs(more) {
      if (away.queue) throw new Error('queue away');
      jobs.push(...more);
      if (more.length > 0) log.push('jobs');
    },
    async existing(ids) {
      if (away.store) throw new Error('store away');
      return new Set(ids.filter((id) => stored.has(id)));
    },
    async insertDeliveries(batch) {
      if (batch.some(({ acceptedAtMs }) => acceptedAtMs === poison.delivery)) throw new Error('poison');
      for (const one of batch) stored.set(one.id, one);
      if (batch.length > 0) log.push(`insert ${batch.length}`);
    },
    async insertWords(blocks) {
      if (blocks.some(({ words }) => words.includes(`слово${poison.words}`))) throw new Error('poison');
      words.push(...blocks.flatMap((block) => block.words));
      if (blocks.length > 0) log.push('words');
    },
    async markFannedOut(ids) {
      marked.push(...ids);
      if (ids.length > 0) log.push('mark');
    },
    order: {
      priorityOf: (ownerId) => (ownerId === 'par_flood' ? 5 : 0),
      isDeferred: (ownerId) => ownerId === 'par_long_flood',
    },
    async defer(ids) {
      if (away.store) throw new Error('store away');
      log.push(`defer ${ids.length}`);
    },
    async storePulled(batch) {
      if (away.store) throw new Error('store away');
      for (const one of batch) stored.set(one.id, one);
      log.push(`pulled ${batch.length}`);
    },
    activeAmong: async () => [],
    releaseHeld: async () => 0,
    failed: (error) => failures.push(error),
    clock: { now: () => Date.now() },
  });
  return { first, stored, log, jobs, marked, words, failures, away, poison };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('createFirstFanOut()', () => {
  it('makes neither jobs nor deliveries of what is deferred, and leaves its mark on', async () => {
    const { first, stored, jobs, log, marked, words } = world([matcher('sub_1', 'send'), pulling('sub_2')]);
    const [flood, other] = ['par_long_flood', 'par_1'] as PartnerId[];
    await first.fanOut([
      { ...message(1), ownerId: flood } as FanOutMessage,
      { ...message(2), ownerId: other } as FanOutMessage,
      { ...message(3), ownerId: flood } as FanOutMessage,
    ]);
    expect(log).toEqual(['pulled 1', 'jobs', 'words', 'defer 2']);
    expect(words).toEqual(['слово1', 'слово3']);
    expect(jobs.map(({ messageId }) => messageId)).toEqual([message(2).id]);
    await first.close();
    expect([...stored.values()].map(({ messageId }) => messageId)).toEqual([message(2).id, message(2).id]);
    expect(marked).toEqual([message(2).id]);
  });

  it('leaves to the sweep what cannot be deferred, and nothing else', async () => {
    const { first, jobs, marked, away } = world([matcher('sub_1', 'send')]);
    away.store = true;
    const flood = { ...message(1), ownerId: 'par_long_flood' } as FanOutMessage;
    const other = { ...message(2), ownerId: 'par_1' } as FanOutMessage;
    await expect(first.fanOut([flood, other])).rejects.toThrow('store away');
    away.store = false;
    await first.close();
    expect(jobs.map(({ messageId }) => messageId)).toEqual([message(2).id]);
    expect(marked).toEqual([message(2).id]);
  });

  it('queues first and stores, a moment later, only what nobody has written down', async () => {
    const { first, stored, log, jobs, marked, words } = world([
      matcher('sub_1', 'send'),
      matcher('sub_2', 'send'),
    ]);
    await first.fanOut([message(1)]);
    expect([log, stored.size, jobs.length]).toEqual([['jobs'], 0, 2]);
    expect(jobs.every((job) => job.fresh === true && job.message?.id === message(1).id)).toBe(true);
    // A dispatcher has delivered one of them, and written that down.
    const [delivered, missed] = jobs.map((job) => job.deliveryId);
    stored.set(delivered as DeliveryId, { state: 'delivered' } as unknown as NewDelivery);
    await vi.advanceTimersByTimeAsync(200);
    expect(log).toEqual(['jobs']);
    await vi.advanceTimersByTimeAsync(400);
    expect(log).toEqual(['jobs', 'insert 1', 'words', 'mark']);
    expect(stored.get(missed as DeliveryId)?.state).toBe('pending');
    expect(stored.get(delivered as DeliveryId)?.state).toBe('delivered');
    expect([marked, words]).toEqual([[message(1).id], ['слово1']]);
    await first.close();
  });

  it('lets the jobs of whoever floods the queue wait behind the others', async () => {
    const { first, jobs } = world([matcher('sub_1', 'send')]);
    const flood = { ...message(2), ownerId: 'par_flood' } as FanOutMessage;
    await first.fanOut([message(1), flood, message(3)]);
    expect(jobs.map(({ priority }) => priority)).toEqual([undefined, 5, undefined]);
    await first.close();
  });

  it('leaves time to dispatchers that have much to do, and stores what they have not done in four seconds', async () => {
    const { first, stored, log, jobs, marked } = world(
      Array.from({ length: 300 }, (_, n) => matcher(`sub_${n}`, 'send')),
    );
    await first.fanOut([message(1)]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([log, jobs.length]).toEqual([['jobs'], 300]);
    expect(marked).toEqual([]);
    for (const job of jobs.slice(0, 90)) stored.set(job.deliveryId, {} as NewDelivery);
    await vi.advanceTimersByTimeAsync(2500);
    expect(stored.size).toBe(90);
    await vi.advanceTimersByTimeAsync(1000);
    expect(stored.size).toBe(300);
    expect(log.filter((entry) => entry.startsWith('insert'))).toEqual(['insert 210']);
    expect(marked).toEqual([message(1).id]);
    await first.close();
  });

  it('stores at once what is held back', async () => {
    const { first, log, stored } = world([matcher('sub_1', 'hold')]);
    await first.fanOut([message(1)]);
    expect(log).toEqual(['insert 1']);
    expect([...stored.values()].map(({ state, reason }) => [state, reason])).toEqual([
      ['held', 'subscription-paused'],
    ]);
    await first.close();
  });

  it('stores at once what its readers fetch, without a job', async () => {
    const { first, log, stored, jobs } = world([
      pulling('sub_1'),
      matcher('sub_2', 'send'),
      pulling('sub_3', 'hold'),
    ]);
    await first.fanOut([message(1), message(2)]);
    expect(log).toEqual(['pulled 2', 'jobs', 'insert 2']);
    expect(jobs.map(({ subscriptionId }) => subscriptionId)).toEqual(['sub_2', 'sub_2']);
    expect([...stored.values()].map(({ state, pull }) => [state, pull])).toEqual([
      ['pending', true],
      ['pending', true],
      ['held', true],
      ['held', true],
    ]);
    await first.close();
    expect(log).toEqual(['pulled 2', 'jobs', 'insert 2', 'insert 2', 'words', 'mark']);
  });

  it('settles with the rest what could not be stored for its readers at once', async () => {
    const { first, log, away, stored } = world([pulling('sub_1')]);
    away.store = true;
    await first.fanOut([message(1)]);
    away.store = false;
    await first.close();
    expect(log).toEqual(['insert 1', 'words', 'mark']);
    expect([...stored.values()]).toMatchObject([{ state: 'pending', pull: true }]);
  });

  it('stores what its readers fetch also while the queue is away', async () => {
    const { first, log, away, stored } = world([pulling('sub_1'), matcher('sub_2', 'send')]);
    away.queue = true;
    await expect(first.fanOut([message(1)])).rejects.toThrow('queue away');
    expect([stored.size, log[0]]).toEqual([2, 'pulled 1']);
    await first.close();
  });

  it('settles everything when it is closed', async () => {
    const { first, log, marked } = world([matcher('sub_1', 'send')]);
    await first.fanOut([message(1)]);
    await first.close();
    expect(log).toEqual(['jobs', 'insert 1', 'words', 'mark']);
    expect(marked).toEqual([message(1).id]);
  });

  it('stores and leaves to the sweep what cannot be queued', async () => {
    const { first, stored, marked, away } = world([matcher('sub_1', 'send')]);
    away.queue = true;
    await expect(first.fanOut([message(1)])).rejects.toThrow('queue away');
    expect(stored.size).toBe(1);
    await first.close();
    expect(marked).toEqual([]);
  });

  it('leaves to the sweep what cannot be settled, and settles what comes after', async () => {
    const { first, marked, failures, away } = world([matcher('sub_1', 'send')]);
    await first.fanOut([message(1)]);
    away.store = true;
    await vi.advanceTimersByTimeAsync(600);
    expect([marked, failures.length]).toEqual([[], 1]);
    away.store = false;
    await first.fanOut([message(2)]);
    await first.close();
    expect(marked).toEqual([message(2).id]);
  });

  it('does not keep more in mind than it may, however many subscribers there are', async () => {
    const { first, stored, marked } = world(
      Array.from({ length: 30_000 }, (_, n) => matcher(`sub_${n}`, 'send')),
    );
    await first.fanOut([message(1)]);
    expect(stored.size).toBe(0);
    await first.fanOut([message(2)]);
    expect(stored.size).toBe(60_000);
    expect(marked).toEqual([message(1).id, message(2).id]);
    await first.close();
  });

  it.each([
    ['the words of', { words: 2 }],
    ['a delivery of', { delivery: 2 }],
  ])('settles the others when %s one message cannot be stored', async (_, bad) => {
    const { first, stored, marked, failures, poison } = world([matcher('sub_1', 'send')]);
    Object.assign(poison, bad);
    await first.fanOut([1, 2, 3].map(message));
    await first.fanOut([message(4)]);
    await vi.advanceTimersByTimeAsync(1000);
    expect([...marked].sort()).toEqual([1, 3, 4].map((n) => message(n).id));
    const ids = [...stored.values()].map(({ messageId }) => messageId);
    expect(new Set(ids)).toEqual(
      new Set([1, ...('words' in bad ? [2] : []), 3, 4].map((n) => message(n).id)),
    );
    expect(failures).toEqual([new Error('poison')]);
  });
});
