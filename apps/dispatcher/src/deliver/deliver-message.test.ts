import type { Delivery } from '@anika/core/delivery';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { describe, expect, it } from 'vitest';
import {
  type Command,
  createDeliverMessage,
  type DeliverNeeds,
  type StopSignals,
} from './deliver-message.ts';
import type { ReadyTarget } from './targets.ts';

const NOW_MS = 1_800_000_000_000;

function commandOf(n: number): Command {
  return {
    deliveryId: `dlv_${n}` as DeliveryId,
    messageId: `msg_${n}` as MessageId,
    subscriptionId: 'sub_1' as SubscriptionId,
    generation: 1,
    dueMs: undefined,
    isFresh: false,
  };
}

function stopSignals(isClosing = false): StopSignals {
  const closing = isClosing ? AbortSignal.abort() : new AbortController().signal;
  return { closing, signal: new AbortController().signal };
}

it('a delivery that waited for its turn gets a job of its own when the turn meets an error', async () => {
  const queued: [Command, number][] = [];
  const left: string[] = [];
  const waiting = commandOf(2);
  const needs = {
    findTarget: async () => ({ target: {} }) as ReadyTarget,
    findMessage: async () => undefined,
    // The first is of the past; for the second the database is away.
    async findDelivery(id: DeliveryId) {
      if (id === waiting.deliveryId) throw new Error('away');
      return undefined;
    },
    lane: {
      enter: async () => ({ kind: 'go' as const }),
      async leave(command: Command) {
        left.push(command.deliveryId);
        return command.deliveryId === waiting.deliveryId ? undefined : waiting;
      },
    },
    queueAgain: async (command: Command, atMs: number) => void queued.push([command, atMs]),
    clock: { now: () => NOW_MS },
  } as unknown as DeliverNeeds;
  const deliver = createDeliverMessage(needs);
  await expect(deliver(commandOf(1), stopSignals())).rejects.toThrow('away');
  expect(queued).toEqual([[waiting, NOW_MS + 2000]]);
  expect(left).toEqual(['dlv_1', 'dlv_2']);
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
    lane: {
      enter: async () => ({ kind: 'go' as const }),
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
  };

  async function run(
    { isFresh, ageMs, stored, isDeleted = false, isPlaceFree = true }: Scene,
    command: Partial<Command> = {},
  ) {
    const loads: string[] = [];
    const records: {
      id: string;
      state: string;
      unstored?: { state: string; acceptedAtMs: number } | undefined;
    }[] = [];
    let asked = 0;
    let sent = 0;
    const needs = {
      findTarget: async () =>
        (isDeleted
          ? undefined
          : {
              target: {
                subscription: { state: 'active', partnerId: 'par_1', timeoutMs: 1000 },
                topic: { deleted: false, ownerActive: true, ownerId: 'par_1' },
                readerActive: true,
              },
            }) as ReadyTarget,
      findMessage: async () => ({ type: 'a', topicId: 'top_1', acceptedAtMs: NOW_MS - ageMs }) as Message,
      async findDelivery(id: DeliveryId) {
        asked += 1;
        return stored && ({ id, state: 'pending', generation: 1, attemptCount: 0, ...stored } as Delivery);
      },
      lane: {
        enter: async () => ({ kind: 'go' as const }),
        leave: async (_command: Command, _ready: ReadyTarget, { load }: { load: string }) =>
          void loads.push(load),
      },
      async send() {
        if (!isPlaceFree) return undefined;
        sent += 1;
        const result = { kind: 'response', status: 204, durationMs: 1, bodyStart: '' };
        return { result, atMs: NOW_MS, bodyHash: 'aa', signature: 'v1,x' };
      },
      record: async (record: (typeof records)[number]) => void records.push(record),
      endpoints: { succeeded: async () => undefined },
      report: () => undefined,
      schedule: [0],
      random: () => 0,
      clock: { now: () => NOW_MS },
    } as unknown as DeliverNeeds;
    const deliver = createDeliverMessage(needs);
    const outcome = await deliver({ ...commandOf(1), isFresh, ...command }, stopSignals());
    return { records, asked, sent, outcome, loads };
  }

  it('a fresh job asks nobody, and its record stores the delivery', async () => {
    const { records, asked, sent } = await run({ isFresh: true, ageMs: 40 });
    expect([asked, sent]).toEqual([0, 1]);
    expect(records).toEqual([
      expect.objectContaining({
        state: 'delivered',
        unstored: expect.objectContaining({ id: 'dlv_1', state: 'pending', acceptedAtMs: NOW_MS - 40 }),
      }),
    ]);
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
