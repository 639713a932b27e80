import { eventually } from '@anika/testkit/eventually';
import type { StoredDelivery } from '../check.ts';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { startHostileEndpoint } from '../hostile/hostile-endpoint.ts';
import { MISBEHAVIOURS } from '../hostile/misbehaviours.ts';
import { AUTHORITY, type Shown } from '../hostile/tls-front.ts';

const TWO_ATTEMPTS = { ANIKA_RETRY_SCHEDULE: '0s,300ms' };
const STATUSES = [
  ...[200, 201, 202, 203, 204, 206, 226, 299],
  ...[300, 301, 302, 303, 304, 307, 308],
  ...[400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 418, 422, 425, 429, 431, 451, 499],
  ...[500, 501, 502, 503, 504, 505, 507, 511, 520, 599],
];
const GIVES_UP_AT_ONCE = [413];
/** What an endpoint shows in place of its good certificate, and how the attempts are to be classed. */
const UNTRUSTED: Readonly<Record<Exclude<Shown, 'good'>, string>> = {
  expired: 'tls',
  early: 'tls',
  foreign: 'tls',
  'self-signed': 'tls',
  'plain HTTP': 'tls',
  silence: 'timeout',
};
const DAY_MS = 86_400_000;
/** What Retry-After says, and after how many milliseconds the second attempt may come at the earliest. */
const RETRY_AFTER: readonly (readonly [header: string | readonly string[], afterMs: number])[] = [
  ['3', 3000],
  ['0', 800],
  ['-5', 800],
  ['soon', 800],
  ['1.5', 800],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 800],
  [['3', '1'], 800],
];
const BEYOND_A_DAY = ['315360000', '99999999999999999999', 'Fri, 31 Dec 2100 23:59:59 GMT'];

/** The delivery of each of the publisher's numbers to one subscription. */
async function deliveriesOf(
  field: Field,
  subscriptionId: string,
): Promise<ReadonlyMap<number, StoredDelivery>> {
  const stored = await field.stores.storedDeliveries();
  const byMessage = new Map(
    stored.filter((one) => one.subscriptionId === subscriptionId).map((one) => [one.messageId, one]),
  );
  return new Map(
    [...field.publisher.acknowledged].flatMap(([n, messageId]) => {
      const delivery = byMessage.get(messageId);
      return delivery === undefined ? [] : [[n, delivery] as const];
    }),
  );
}

export const ENDPOINT_FAULTS: readonly Fault[] = [
  {
    name: 'endpoints-that-misbehave',
    area: 'endpoints',
    about: `${MISBEHAVIOURS.length} endpoints that hang, drip, lie and flood, beside one that is well`,
    repeats: 'allowed', // what is taken with a body without end may be taken twice where it breaks off
    ends: ['delivered', 'dead'],
    settings: TWO_ATTEMPTS,
    async run(field) {
      const well = await field.subscribe();
      const hostile = await startHostileEndpoint();
      const told = [];
      for (const how of MISBEHAVIOURS) {
        const subscribed = await field.subscribeTo(hostile, { timeoutMs: 1500 });
        hostile.misbehave(subscribed.path, how);
        told.push({ how, id: subscribed.id });
      }
      const startedAt = Date.now();
      await field.publisher.publish(10, { inFlight: 10 });
      await eventually(() => well.endpoint.hits.length === 10, { timeoutMs: 20_000 });
      field.note(`the well one had all after ${Date.now() - startedAt} ms`);
      await field.settle(90);
      for (const { how, id } of told) {
        const states = [...(await deliveriesOf(field, id)).values()].map(({ state }) => state);
        field.require(
          states.length === 10 && states.every((state) => state === how.ends),
          `one that ${how.name} ended ${[...new Set(states)].join(', ')}, not ${how.ends}`,
        );
      }
    },
  },
  {
    name: 'endpoints-untrusted',
    area: 'endpoints',
    about: `TLS: ${Object.keys(UNTRUSTED).join(', ')}, where a good certificate was; nothing is sent until it is back`,
    repeats: 'never',
    ends: ['delivered', 'dead'],
    settings: { ...TWO_ATTEMPTS, NODE_EXTRA_CA_CERTS: AUTHORITY },
    async run(field) {
      const fronts = [];
      for (const shown of Object.keys(UNTRUSTED) as (keyof typeof UNTRUSTED)[]) {
        fronts.push({ shown, ...(await field.subscribeBehindTls({ timeoutMs: 1500 })) });
      }
      await field.publisher.publish(3);
      await field.settle(30);
      for (const { endpoint, shown } of fronts) endpoint.show(shown);
      await field.publisher.publish(3);
      await field.settle(60);
      for (const { endpoint } of fronts) endpoint.show('good');
      await field.publisher.publish(3);
      await field.settle(60);
      for (const { shown, id, endpoint } of fronts) {
        const deliveries = await deliveriesOf(field, id);
        const ends = [...deliveries].toSorted(([a], [b]) => a - b).map(([, { state }]) => state);
        const expected = [...threeTimes('delivered'), ...threeTimes('dead'), ...threeTimes('delivered')];
        field.require(ends.join() === expected.join(), `${shown}: ended ${ends.join(', ')}`);
        const reached = endpoint.hits.filter(({ n }) => n !== undefined && n > 3 && n <= 6);
        field.require(reached.length === 0, `${shown}: ${reached.length} requests were sent all the same`);
        const classes = await errorClassesOf(field, deliveries.get(4)?.id);
        field.require(
          classes.join() === `${UNTRUSTED[shown]},${UNTRUSTED[shown]}`,
          `${shown}: its attempts were classed ${classes.join(', ')}`,
        );
      }
    },
  },
  {
    name: 'endpoints-every-status',
    area: 'endpoints',
    about: `an endpoint answers ${STATUSES.length} statuses, one for each message; 2xx is delivered, nothing is followed`,
    repeats: 'never',
    ends: ['delivered', 'dead'],
    settings: TWO_ATTEMPTS,
    async run(field) {
      const { id, endpoint } = await field.subscribe();
      endpoint.respondWith(({ body }) => {
        const { status } = (body as { data: { status: number } }).data;
        return { status, headers: { location: `${endpoint.url}/followed` } };
      });
      const numbers = new Map<number, number>();
      for (const status of STATUSES) {
        const n = field.publisher.takeNumber();
        numbers.set(n, status);
        await field.publisher.once(n, { data: { status } });
      }
      await field.settle(60);
      for (const [n, { state, attempts }] of await deliveriesOf(field, id)) {
        const status = numbers.get(n) ?? 0;
        const isTaken = status < 300;
        const expected = isTaken || GIVES_UP_AT_ONCE.includes(status) ? 1 : 2;
        field.require(
          state === (isTaken ? 'delivered' : 'dead') && attempts.length === expected,
          `status ${status} ended ${state} after ${attempts.length} attempts`,
        );
      }
    },
  },
  {
    name: 'endpoint-gone',
    area: 'endpoints',
    about: 'an endpoint answers 410: dead at the first attempt, and its subscription is disabled',
    repeats: 'never',
    ends: ['dead'],
    async run(field) {
      const { id, endpoint } = await field.subscribe();
      endpoint.respondWith(() => ({ status: 410 }));
      await field.publisher.publish(1);
      const { client, reader } = field.scene;
      const read = async () =>
        (await client.call('GET', `/v1/subscriptions/${id}`, { token: reader.token })).body;
      await eventually(async () => (await read()).state === 'disabled', { timeoutMs: 10_000 });
      field.require(endpoint.hits.length === 1, `it was asked ${endpoint.hits.length} times`);
    },
  },
  {
    name: 'endpoints-retry-after',
    area: 'endpoints',
    about: 'every kind of Retry-After: never sooner than the schedule, never later than a day',
    repeats: 'never',
    settings: { ANIKA_RETRY_SCHEDULE: '0s,1s,1s,1s,1s,1s' },
    async run(field) {
      const { id, endpoint } = await field.subscribe();
      const said = [...RETRY_AFTER.map(([header]) => header), ...BEYOND_A_DAY];
      endpoint.respondWith(({ body, headers }) => {
        const { which } = (body as { data: { which: number } }).data;
        if (headers['anika-attempt'] !== '1' || endpoint.hits.some((hit) => hit.n === which + 1))
          return { status: 204 };
        return { status: which % 2 === 0 ? 429 : 503, headers: { 'retry-after': said[which] as string } };
      });
      for (const which of said.keys())
        await field.publisher.once(field.publisher.takeNumber(), { data: { which } });
      await eventually(() => endpoint.hits.length === said.length + RETRY_AFTER.length, {
        timeoutMs: 30_000,
      });
      for (const [index, [header, afterMs]] of RETRY_AFTER.entries()) {
        const [first, second] = endpoint.hits.filter((hit) => hit.n === index + 1);
        const waitedMs = (second?.atMs ?? 0) - (first?.atMs ?? 0);
        field.require(
          waitedMs >= afterMs && waitedMs < afterMs + 8000,
          `after Retry-After ${header} it was asked again after ${waitedMs} ms`,
        );
      }
      await checkFarOnes(field, id);
    },
  },
];

const threeTimes = (state: string) => [state, state, state];

/** How the attempts of a delivery ended, as its company is told. */
async function errorClassesOf(field: Field, deliveryId: string | undefined): Promise<readonly string[]> {
  const { client, reader } = field.scene;
  const { body } = await client.call('GET', `/v1/deliveries/${deliveryId}`, { token: reader.token });
  return body.attempts.map((attempt: { errorClass: string }) => attempt.errorClass);
}

/** Those that asked for years wait for a day; their company then tries them at once. */
async function checkFarOnes(field: Field, subscriptionId: string): Promise<void> {
  const { client, reader } = field.scene;
  const far = [...(await deliveriesOf(field, subscriptionId)).values()].filter(
    ({ state }) => state === 'retrying',
  );
  field.require(
    far.length === BEYOND_A_DAY.length,
    `${far.length} wait for a day, not ${BEYOND_A_DAY.length}`,
  );
  for (const { id, nextAttemptAt } of far) {
    const inMs = (nextAttemptAt?.getTime() ?? 0) - Date.now();
    field.require(inMs > DAY_MS - 120_000 && inMs <= DAY_MS, `the next attempt is due in ${inMs} ms`);
    await client.call('POST', `/v1/deliveries/${id}/retry`, { token: reader.token });
  }
}
