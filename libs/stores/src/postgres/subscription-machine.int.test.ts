import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { SubscriptionState } from '@anika/core/subscription';
import { type SubscriptionInput, transition } from '@anika/core/subscription/transition';
import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import { checkStored, commandsThatEndWith } from '../test-machine.ts';
import { createRoutingStore, type RoutingStore } from './routing.ts';
import { change, id, NOW_MS, openTestStores, SUBSCRIPTION_URL, type TestStores } from './test-stores.ts';

let stores: TestStores;
let routing: RoutingStore;
let reader: PartnerId;
let topic: Awaited<ReturnType<TestStores['topic']>>;

beforeAll(async () => {
  stores = await openTestStores();
  routing = createRoutingStore(stores.postgres);
  reader = (await stores.partner()).partner.id;
  topic = await stores.topic((await stores.partner('АвтоЭкспресс')).partner.id);
});

afterAll(() => stores.close());

/** What the core says of one subscription. */
type Model = {
  state: SubscriptionState;
  reason: string | undefined;
  url: string;
  verifiedUrl: string | undefined;
  failingSinceMs: number | undefined;
};
type Real = { readonly subscriptionId: SubscriptionId };

const OTHER_URL = 'https://bank.example/other';
const by = () => ({ ...change(), partnerId: reader });

/** The model goes on as the core decides. */
function decide(model: Model, input: SubscriptionInput): void {
  const { state, url, verifiedUrl, failingSinceMs } = model;
  const to = transition({ state, url, endpointVerified: verifiedUrl === url, failingSinceMs }, input);
  if (to.kind !== 'to') return;
  model.state = to.state;
  model.reason = to.reason;
  model.verifiedUrl = to.verifiedUrl ?? verifiedUrl;
  if (to.state === 'active') model.failingSinceMs = undefined;
}

/** The subscription is stored as the model has it. */
async function compare(model: Model, { subscriptionId }: Real): Promise<void> {
  const found = await stores.subscriptions.find(subscriptionId, reader);
  const actual = found && {
    state: found.state,
    reason: found.stateReason,
    url: found.url,
    failingSinceMs: found.failingSinceMs,
    endpointVerified: found.endpointVerified,
  };
  const { verifiedUrl, ...rest } = model;
  const expected = { ...rest, endpointVerified: verifiedUrl === model.url };
  checkStored(actual, expected);
}

const command = commandsThatEndWith(compare);

const url = fc.constantFrom(SUBSCRIPTION_URL, OTHER_URL);
const during = fc.constantFrom('verify' as const, 'resume' as const);
const asked = fc.oneof(
  fc.constantFrom({ kind: 'pause' } as const, { kind: 'resume' } as const),
  fc.record({ kind: fc.constant('answered' as const), url, during }),
  fc.record({
    kind: fc.constant('unanswered' as const),
    url,
    during,
    reason: fc.constant('it said nothing'),
  }),
);

const moved = asked.map((input) =>
  command(JSON.stringify(input), async (model, { subscriptionId }) => {
    const more = { action: `test.${input.kind}`, replayId: id('rpl') };
    await stores.subscriptions.move(subscriptionId, (before) => transition(before, input), {
      ...by(),
      ...more,
    });
    decide(model, input);
  }),
);

const readdressed = url.map((to) =>
  command(`to ${to}`, async (model, { subscriptionId }) => {
    await stores.subscriptions.update(subscriptionId, () => ({ url: to }), by());
    decide(model, { kind: 'move', url: to });
    model.url = to;
  }),
);

const AGES_MS = [0, 10, 20];
const failing = fc.constantFrom(...AGES_MS).map((ageMs) =>
  command(`failing since ${ageMs} ms`, async (model, { subscriptionId }) => {
    await routing.markFailing(subscriptionId, NOW_MS - ageMs);
    model.failingSinceMs ??= NOW_MS - ageMs;
  }),
);

const healthy = fc.constant(
  command('healthy again', async (model, { subscriptionId }) => {
    await routing.markHealthy(subscriptionId);
    model.failingSinceMs = undefined;
  }),
);

const disabled = fc.constantFrom(undefined, ...AGES_MS).map((ageMs) =>
  command(`disabled, where failing for more than ${ageMs} ms`, async (model, { subscriptionId }) => {
    const onlyIf = ageMs === undefined ? {} : { onlyIfFailingBeforeMs: NOW_MS - ageMs };
    const disabling = { reason: 'by the broker', ...onlyIf };
    await routing.disable(subscriptionId, disabling, NOW_MS);
    decide(model, { kind: 'disable', ...disabling });
  }),
);

it('a subscription lives in PostgreSQL as the core says it does, whatever comes in whatever order', async () => {
  const commands = fc.commands([moved, moved, readdressed, failing, healthy, disabled], {
    maxCommands: 20,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      const subscriptionId = await stores.subscription(reader, topic.id);
      const model: Model = {
        state: 'pending',
        reason: undefined,
        url: SUBSCRIPTION_URL,
        verifiedUrl: undefined,
        failingSinceMs: undefined,
      };
      await fc.asyncModelRun(() => ({ model, real: { subscriptionId } }), list);
    }),
    { numRuns: 40 },
  );
}, 120_000);
