import { deliveryIdOf } from '@anika/broker/delivery-id';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { describe, expect, it, vi } from 'vitest';
import { createDeliverMessage } from './deliver-message.ts';
import type { Command, DeliverNeeds, StopSignals } from './deliver-needs.ts';
import type { ReadyTarget } from './ready-target.ts';

const NOW_MS = 1_800_000_000_000;
const NOTHING_RECALLED = { has: () => false, vouchesFor: () => true };

function commandOf(n: number): Command {
  const messageId = `msg_${String(n).padStart(26, '0')}` as MessageId;
  const subscriptionId = 'sub_1' as SubscriptionId;
  return {
    deliveryId: deliveryIdOf(messageId, subscriptionId),
    messageId,
    subscriptionId,
    generation: 1,
    dueMs: undefined,
    isFresh: false,
  };
}

function triedOf(answer: object, result: object): object {
  return {
    ...answer,
    load: 'unknown',
    evidence: { result, atMs: NOW_MS, bodyHash: 'aa', signature: 'v1,x' },
  };
}

function stopSignals(isClosing = false): StopSignals {
  const closing = isClosing ? AbortSignal.abort() : new AbortController().signal;
  return { closing, signal: new AbortController().signal };
}

it('a delivery that waited for its turn gets a job of its own when the turn meets an error', async () => {
  const queued: [Command, number][] = [];
  const left: string[] = [];
  const failures: [Command, unknown][] = [];
  const waiting = commandOf(2);
  const needs = {
    findTarget: async () => ({ target: {} }) as ReadyTarget,
    findMessage: async () => undefined,
    recalls: NOTHING_RECALLED,
    // The first is of the past; for the second the database is away.
    async findDelivery(id: DeliveryId) {
      if (id === waiting.deliveryId) throw new Error('away');
      return undefined;
    },
    lane: {
      enter: async () => ({ kind: 'go' as const, isAlone: false }),
      async leave(command: Command) {
        left.push(command.deliveryId);
        return command.deliveryId === waiting.deliveryId ? undefined : waiting;
      },
    },
    queueAgain: async (command: Command, atMs: number) => void queued.push([command, atMs]),
    failed: (command: Command, error: unknown) => void failures.push([command, error]),
    clock: { now: () => NOW_MS },
  } as unknown as DeliverNeeds;
  const deliver = createDeliverMessage(needs);
  // Whose job it is has come to its end: the error is none of its own.
  expect(await deliver(commandOf(1), stopSignals())).toEqual({ kind: 'done' });
  expect(failures).toEqual([[waiting, new Error('away')]]);
  expect(queued).toEqual([[waiting, NOW_MS + 2000]]);
  expect(left).toEqual([commandOf(1).deliveryId, commandOf(2).deliveryId]);
});

it.each([
  [false, true],
  [true, false],
])('asked to stop: %s, it goes on with whose turn is next: %s', async (isClosing, goesOn) => {
  const left: boolean[] = [];
  const needs = {
    findTarget: async () => ({}) as ReadyTarget,
    findDelivery: async () => undefined,
    findMessage: async () => undefined,
    recalls: NOTHING_RECALLED,
    lane: {
      enter: async () => ({ kind: 'go' as const, isAlone: false }),
      leave: async (_command: Command, _ready: ReadyTarget, how: { goesOn: boolean }) =>
        void left.push(how.goesOn),
    },
    clock: { now: () => NOW_MS },
  } as unknown as DeliverNeeds;
  await createDeliverMessage(needs)(commandOf(1), stopSignals(isClosing));
  expect(left).toEqual([goesOn]);
});

describe('of a delivery that has a job and is not stored', () => {
  type Scene = {
    readonly isFresh: boolean;
    readonly ageMs: number;
    readonly stored?: Partial<Delivery>;
    readonly isDeleted?: boolean;
    readonly isPlaceFree?: boolean;
    /** Of the message; that of the subscription is `top_1`. */
    readonly topicId?: string;
    readonly isRecalled?: boolean;
  };

  async function run(
    {
      isFresh,
      ageMs,
      stored,
      isDeleted = false,
      isPlaceFree = true,
      topicId = 'top_1',
      isRecalled = false,
    }: Scene,
    command: Partial<Command> = {},
  ) {
    const loads: string[] = [];
    const closed: string[] = [];
    const records: {
      id: string;
      state: string;
      unstored?: { state: string; acceptedAtMs: number } | undefined;
    }[] = [];
    let asked = 0;
    let lookedUp = 0;
    const refused: string[] = [];
    let sent = 0;
    const needs = {
      findTarget: async () =>
        (isDeleted
          ? undefined
          : {
              target: {
                subscription: { state: 'active', partnerId: 'par_1', timeoutMs: 1000 },
                topic: { id: 'top_1', deleted: false, ownerActive: true, ownerId: 'par_1' },
                readerActive: true,
              },
            }) as ReadyTarget,
      recalls: { has: () => isRecalled, vouchesFor: () => !isRecalled },
      async findMessage() {
        lookedUp += 1;
        if (isRecalled) return 'recalled';
        return { type: 'a', topicId, acceptedAtMs: NOW_MS - ageMs } as Message;
      },
      async findDelivery(id: DeliveryId) {
        asked += 1;
        return stored && ({ id, state: 'pending', generation: 1, attemptCount: 0, ...stored } as Delivery);
      },
      lane: {
        enter: async () => ({ kind: 'go' as const, isAlone: false }),
        leave: async (_command: Command, _ready: ReadyTarget, { load }: { load: string }) =>
          void loads.push(load),
        close: async (one: Command) => void closed.push(one.deliveryId),
      },
      async send() {
        if (!isPlaceFree) return undefined;
        sent += 1;
        const result = { kind: 'response', status: 204, durationMs: 1, bodyStart: '' };
        return triedOf({ kind: 'accepted' }, result);
      },
      record: async (record: (typeof records)[number]) => void records.push(record),
      endpoints: { succeeded: async () => undefined },
      report: () => undefined,
      refused: (one: Command) => void refused.push(one.deliveryId),
      schedule: [0],
      random: () => 0,
      clock: { now: () => NOW_MS },
    } as unknown as DeliverNeeds;
    const deliver = createDeliverMessage(needs);
    const outcome = await deliver({ ...commandOf(1), isFresh, ...command }, stopSignals());
    return { records, asked, lookedUp, sent, refused, outcome, loads, closed };
  }

  it('a fresh job asks nobody, and its record stores the delivery', async () => {
    const { records, asked, sent } = await run({ isFresh: true, ageMs: 40 });
    expect([asked, sent]).toEqual([0, 1]);
    expect(records).toEqual([
      expect.objectContaining({
        state: 'delivered',
        unstored: expect.objectContaining({
          id: commandOf(1).deliveryId,
          state: 'pending',
          acceptedAtMs: NOW_MS - 40,
        }),
      }),
    ]);
  });

  it('a job of a deleted subscription closes its lane, whatever became of the delivery; another does not', async () => {
    for (const stored of [{}, { state: 'cancelled' as const }]) {
      const gone = await run({ isFresh: false, ageMs: 40, stored, isDeleted: true });
      expect([gone.sent, gone.closed]).toEqual([0, [commandOf(1).deliveryId]]);
    }
    expect((await run({ isFresh: true, ageMs: 40, isDeleted: true })).closed).toHaveLength(1);
    expect((await run({ isFresh: true, ageMs: 40 })).closed).toEqual([]);
  });

  it('a fresh job brings its message along, and nobody looks it up', async () => {
    const message = { type: 'a', topicId: 'top_1', acceptedAtMs: NOW_MS - 40 } as Message;
    const brought = await run({ isFresh: true, ageMs: 40 }, { message });
    expect([brought.lookedUp, brought.sent]).toEqual([0, 1]);
    expect((await run({ isFresh: true, ageMs: 40 })).lookedUp).toBeGreaterThan(0);
  });

  it('what was recalled is not sent, though its job brings it along', async () => {
    const message = { type: 'a', topicId: 'top_1', acceptedAtMs: NOW_MS - 40 } as Message;
    const unstored = await run({ isFresh: true, ageMs: 40, isRecalled: true }, { message });
    expect([unstored.sent, unstored.lookedUp, unstored.records]).toEqual([0, 1, []]);
    const open = await run({ isFresh: false, ageMs: 40, isRecalled: true, stored: {} }, { message });
    expect([open.sent, open.records]).toEqual([
      0,
      [expect.objectContaining({ state: 'cancelled', reason: 'recalled' })],
    ]);
  });

  it.each<[string, Scene, Partial<Command>]>([
    ['a message of another topic', { isFresh: true, ageMs: 40, topicId: 'top_2' }, {}],
    [
      'a message of another topic that is stored',
      { isFresh: false, ageMs: 40, stored: {}, topicId: 'top_2' },
      {},
    ],
    ['another message', { isFresh: true, ageMs: 40 }, { messageId: commandOf(2).messageId }],
    [
      'another subscription',
      { isFresh: false, ageMs: 40, stored: {} },
      { subscriptionId: 'sub_2' as SubscriptionId },
    ],
    ['another delivery', { isFresh: false, ageMs: 40, stored: {} }, { deliveryId: commandOf(2).deliveryId }],
  ])('a job that names %s sends and records nothing', async (_title, scene, forged) => {
    const { sent, records, refused, outcome } = await run(scene, forged);
    expect([sent, records, refused.length, outcome]).toEqual([0, [], 1, { kind: 'done' }]);
  });

  it('a job that comes again, or late, asks, and goes on where nothing is stored yet', async () => {
    for (const scene of [
      { isFresh: false, ageMs: 40 },
      { isFresh: true, ageMs: 7000 },
    ]) {
      const { records, asked, sent } = await run(scene);
      expect([asked, sent]).toEqual([1, 1]);
      expect(records[0]?.unstored).toBeDefined();
    }
  });

  it('what is stored is what counts', async () => {
    const open = await run({ isFresh: true, ageMs: 7000, stored: {} });
    expect(open.records).toEqual([expect.not.objectContaining({ unstored: expect.anything() })]);
    const done = await run({ isFresh: false, ageMs: 40, stored: { state: 'delivered' } });
    expect([done.sent, done.records]).toEqual([0, []]);
    const redriven = await run({ isFresh: false, ageMs: 40, stored: { generation: 2 } });
    expect([redriven.sent, redriven.records]).toEqual([0, []]);
  });

  it('long after, it is one that is no longer kept, and of a redrive it is none', async () => {
    expect((await run({ isFresh: false, ageMs: 120_000 })).sent).toBe(0);
    expect((await run({ isFresh: false, ageMs: 40 }, { generation: 2 })).sent).toBe(0);
  });

  it('no attempt is made when no place to send from is free: it comes back, and the endpoint is not called strained', async () => {
    for (const scene of [
      { isFresh: true, ageMs: 40 },
      { isFresh: false, ageMs: 40, stored: {} },
      { isFresh: false, ageMs: 40, stored: { state: 'retrying', attemptCount: 3 } as const },
    ]) {
      const { outcome, records, sent, loads } = await run({ ...scene, isPlaceFree: false });
      expect([sent, records, loads]).toEqual([0, [], ['unknown']]);
      expect(outcome).toEqual({ kind: 'again', atMs: NOW_MS + 500 });
    }
  });

  it('of a subscription that was deleted it waits until it is stored, and is cancelled', async () => {
    const early = await run({ isFresh: true, ageMs: 40, isDeleted: true });
    expect([early.outcome, early.records]).toEqual([{ kind: 'again', atMs: NOW_MS + 2000 }, []]);
    const late = await run({ isFresh: false, ageMs: 2040, isDeleted: true, stored: {} });
    expect(late.records).toEqual([
      expect.objectContaining({ state: 'cancelled', reason: 'subscription-deleted' }),
    ]);
    expect([late.outcome, late.sent]).toEqual([{ kind: 'done' }, 0]);
  });
});

describe('the place at the endpoint', () => {
  async function leaveOf(isAlone: boolean, kind: string) {
    const left: boolean[] = [];
    let answer = () => {};
    const needs = {
      findTarget: async () =>
        ({
          target: {
            subscription: { state: 'active', partnerId: 'par_1', timeoutMs: 1000 },
            topic: { id: 'top_1', deleted: false, ownerActive: true, ownerId: 'par_1' },
            readerActive: true,
          },
        }) as ReadyTarget,
      findMessage: async () => ({ type: 'a', topicId: 'top_1', acceptedAtMs: NOW_MS }) as Message,
      recalls: NOTHING_RECALLED,
      findDelivery: async () => undefined,
      lane: {
        enter: async () => ({ kind: 'go' as const, isAlone }),
        leave(_command: Command, _ready: ReadyTarget, how: { goesOn: boolean }) {
          left.push(how.goesOn);
          return new Promise<undefined>((resolve) => {
            answer = () => resolve(undefined);
          });
        },
      },
      send: async () => triedOf({ kind }, {}),
      record: async () => undefined,
      endpoints: { succeeded: async () => undefined, failed: async () => undefined },
      deadLetters: { add: async () => undefined },
      report: () => undefined,
      schedule: [0, 1000],
      random: () => 0.5,
      clock: { now: () => NOW_MS },
    } as unknown as DeliverNeeds;
    let hasEnded = false;
    const running = createDeliverMessage(needs)(commandOf(1), stopSignals()).then((outcome) => {
      hasEnded = true;
      return outcome;
    });
    await vi.waitUntil(() => left.length > 0, { timeout: 5000 });
    await new Promise(setImmediate);
    const endedBefore = hasEnded;
    answer();
    return { left, endedBefore, outcome: await running };
  }

  it('is given back while the job ends, where nobody waited for it', async () => {
    expect(await leaveOf(true, 'accepted')).toEqual({
      left: [false],
      endedBefore: true,
      outcome: { kind: 'done' },
    });
  });

  it('is given on before the job ends, where somebody waits', async () => {
    expect(await leaveOf(false, 'accepted')).toMatchObject({ left: [true], endedBefore: false });
  });

  it('is given back before a job comes again, or its next attempt would find it taken', async () => {
    const { left, endedBefore, outcome } = await leaveOf(true, 'failed');
    expect([left, endedBefore, outcome.kind]).toEqual([[false], false, 'again']);
  });
});
