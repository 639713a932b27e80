import type { Attempt, Delivery, NewDelivery } from '@anika/core/delivery/delivery';
import { statusOf, statusOfNew } from '@anika/core/delivery/delivery';
import { REASONS } from '@anika/core/delivery/reasons';
import {
  type DeliveryInput,
  DONE_FROM,
  type FoundState,
  type Situation,
  transition,
} from '@anika/core/delivery/transition';
import { type DeliveryId, deliveryId } from '@anika/core/ids';
import { STARTS_AGAIN } from '@anika/core/replay/replay';
import { recordIn } from '@anika/testkit/delivery-records';
import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import { checkStored, commandsThatEndWith } from '../test-machine.ts';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
let store: DeliveryStore;

beforeAll(async () => {
  test = await openTestMongo();
  store = createDeliveryStore(test.mongo, { graceMs: 1000 });
});

afterAll(() => test.close());

type Known = Situation & Pick<Delivery, 'acceptedAtMs'>;
/** What the core says of the deliveries of one subscription; one that is not there is not stored yet. */
type Model = Map<DeliveryId, Known>;
type Real = {
  readonly subscriptionId: ReturnType<typeof id<'sub'>>;
  readonly deliveries: readonly NewDelivery[];
};

const DELIVERIES = 3;

function fresh(state: 'pending' | 'held'): Real {
  const shared = { subscriptionId: id('sub'), topicId: id('top'), ownerId: id('par'), partnerId: id('par') };
  const deliveries = Array.from({ length: DELIVERIES }, (_, n): NewDelivery => {
    const messageId = id('msg');
    const one = deliveryId(messageId, Buffer.from(shared.subscriptionId.slice(-16)));
    const times = { acceptedAtMs: NOW_MS + n, createdAtMs: NOW_MS + 5 };
    const origin = { ...shared, id: one, messageId, type: 'car.chosen', ...times };
    return state === 'held' ? { ...origin, state, reason: 'subscription-paused' } : { ...origin, state };
  });
  return { subscriptionId: shared.subscriptionId, deliveries };
}

function known(delivery: NewDelivery): Known {
  const { acceptedAtMs } = delivery;
  return { generation: 1, attemptCount: 0, acceptedAtMs, ...statusOfNew(delivery) };
}

function attempt(n: number): Attempt {
  const none = { errorClass: undefined, errorMessage: undefined, responseStart: undefined };
  return { n, atMs: NOW_MS + n, durationMs: 1, status: 500, ...none, bodyHash: 'aa', signature: `v1,${n}` };
}

/** The model goes on as the core decides; `whom`: one of them, or all of the subscription. */
function decide(model: Model, input: DeliveryInput, whom: readonly DeliveryId[]): void {
  for (const one of whom) {
    const before = model.get(one);
    const after = before && transition(before, input);
    if (before && after) model.set(one, { acceptedAtMs: before.acceptedAtMs, ...after });
  }
}

/** Every delivery is stored as the model has it, with its own data and no other. */
async function compare(model: Model): Promise<void> {
  const stored = await store.findMany([...model.keys()]);
  for (const [one, expected] of model) {
    const found = stored.get(one);
    const actual = found && {
      generation: found.generation,
      attemptCount: found.attemptCount,
      acceptedAtMs: found.acceptedAtMs,
      ...statusOf(found),
    };
    checkStored(actual, expected);
  }
}

const command = commandsThatEndWith<Model, Real>(compare);

const which = fc.nat(DELIVERIES - 1);
const pick = (real: Real, n: number) => real.deliveries[n] as NewDelivery;

const stored = which.map((n) =>
  command(`insert(${n})`, async (model, real) => {
    const delivery = pick(real, n);
    await store.insert([delivery]);
    if (!model.has(delivery.id)) model.set(delivery.id, known(delivery));
  }),
);

type Found = {
  readonly n: number;
  readonly state: FoundState;
  /** Generations it is late by. */
  readonly lateBy: number;
  /** Which attempt it brings, counted from the one that is on record; undefined: none. */
  readonly ahead: number | undefined;
  readonly isFirst: boolean;
};

/** Mostly what a dispatcher would bring; late, early and repeated records are among them. */
const found = fc
  .record<Found>({
    n: which,
    state: fc.constantFrom('delivered', 'retrying', 'dead', 'cancelled', 'held'),
    lateBy: fc.constantFrom(0, 0, 0, 1),
    ahead: fc.constantFrom(1, 1, undefined, 0, 2),
    isFirst: fc.boolean(),
  })
  .map(({ n, state, lateBy, ahead, isFirst }) =>
    command(`found(${n}, ${state}, late by ${lateBy}, ahead ${ahead}, ${isFirst})`, async (model, real) => {
      const delivery = pick(real, n);
      const before = model.get(delivery.id) ?? known(delivery);
      const generation = before.generation - lateBy;
      const made = ahead === undefined ? {} : { attempt: attempt(before.attemptCount + ahead) };
      const isUnstored = isFirst && delivery.state === 'pending' && generation === 1;
      // The first record of a delivery has its first attempt, or none.
      if (isUnstored && !model.has(delivery.id) && ahead !== undefined && ahead !== 1) return;
      const unstored = isUnstored ? { unstored: delivery } : {};
      const record = recordIn(delivery.id, state, { generation, ...made, ...unstored });
      await store.record([record]);
      if (isUnstored && !model.has(delivery.id)) model.set(delivery.id, known(delivery));
      decide(model, { kind: 'found', record }, [delivery.id]);
    }),
  );

const bulk = fc
  .oneof(
    fc.constantFrom({ kind: 'release' } as const, { kind: 'redrive' } as const, { kind: 'restore' } as const),
    fc
      .constantFrom(...REASONS.cancelled)
      .map((reason) => ({ kind: 'cancel', reason, atMs: NOW_MS + 70 }) as const),
  )
  .map((input) =>
    command(JSON.stringify(input), async (model, { subscriptionId }) => {
      if (input.kind === 'release') await store.releaseHeld(subscriptionId);
      if (input.kind === 'redrive') await store.redrive(subscriptionId, {});
      if (input.kind === 'restore') await store.resendCancelled([subscriptionId], {});
      if (input.kind === 'cancel') await store.cancelOpen([subscriptionId], input.reason, input.atMs);
      decide(model, input, [...model.keys()]);
    }),
  );

const single = fc
  .record({ n: which, kind: fc.constantFrom('retry' as const, 'resend' as const) })
  .map(({ n, kind }) =>
    command(`${kind}(${n})`, async (model, real) => {
      const { id: one } = pick(real, n);
      await store.retry(one, DONE_FROM[kind], NOW_MS + 90);
      decide(model, { kind, atMs: NOW_MS + 90 }, [one]);
    }),
  );

/** Each of them is a replay of its own; the last one may go on with what has failed. */
const replayed = fc
  .record({ n: which, only: fc.constantFrom('missing' as const, 'all' as const), failed: fc.boolean() })
  .map(({ n, only, failed }) =>
    command(`replay(${n}, ${only}, ${failed})`, async (model, real) => {
      const { id: one } = pick(real, n);
      const replay = { id: id('rpl'), subscriptionId: id('sub'), only };
      const before = model.get(one);
      await store.startReplayed(replay, { make: [], again: [one], ours: [] }, NOW_MS + 95);
      decide(model, { kind: STARTS_AGAIN[only] }, [one]);
      if (!failed || model.get(one) === before) return;
      const record = recordIn(one, 'dead', {
        generation: model.get(one)?.generation ?? 1,
        attempt: attempt(1),
      });
      await store.record([record]);
      decide(model, { kind: 'found', record }, [one]);
      await store.restartFailed(replay, NOW_MS + 96);
      decide(model, { kind: 'replay-failed' }, [one]);
    }),
  );

it('a delivery lives in MongoDB as the core says it does, whatever comes in whatever order', async () => {
  const commands = fc.commands([stored, found, found, bulk, single, replayed], {
    maxCommands: 25,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('pending' as const, 'held' as const), commands, (state, list) =>
      fc.asyncModelRun(() => ({ model: new Map(), real: fresh(state) }), list),
    ),
    { numRuns: 60 },
  );
}, 120_000);
