import { listDeliveries } from '@anika/contracts/deliveries';
import { requestAccess } from '@anika/contracts/grants';
import { recallMessage, searchMessages } from '@anika/contracts/messages';
import { listNotices } from '@anika/contracts/notices';
import { createApiKey } from '@anika/contracts/partners';
import { ackDeliveries, type PulledDelivery, pullDeliveries } from '@anika/contracts/pulls';
import { createSubscription } from '@anika/contracts/subscriptions';
import { AWKWARD_JSON } from '@anika/testkit/awkward-json';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

/** Whoever shares a group with it: a company whose messages, answers and names are like any others. */
type Side = Awaited<ReturnType<typeof openSide>>;

/** Texts where a partner writes ids, names and reasons. */
const AWKWARD_TEXTS = [
  '{"_bsontype":"X"}',
  '__proto__',
  '$where',
  'a.b',
  '{"$gt":""}',
  'toJSON',
  '%00',
  "'; --",
];
const COUNT = AWKWARD_JSON.length;
const MINUTE = 60_000;

let databases: TestDatabases;
let programs: Program[] = [];
let awkward: Side;
let good: Side;

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = { ANIKA_RETRY_SCHEDULE: '0s,1s', ANIKA_RATE_MANAGE: '10000' };
  programs = await Promise.all([
    startProgram('api', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
  ]);
  [awkward, good] = await Promise.all([openSide(), openSide()]);
});

afterAll(async () => {
  await Promise.all([awkward?.receiver.close(), good?.receiver.close()]);
  await Promise.all(programs.map((program) => program.stop()));
  await databases.drop();
});

/** A topic with a webhook and a subscription that pulls. */
async function openSide() {
  const scene = await createScene(programs[0]?.url ?? '');
  const receiver = await startReceiver();
  const { id } = await scene.subscribe(receiver);
  const body = { topicId: scene.topicId, delivery: { type: 'pull' } } as const;
  const pulling = await scene.reader.client.ask(createSubscription, { body });
  return { ...scene, receiver, webhookId: id, pullId: pulling.id };
}

/** So as it is written, which no client would. */
async function publishText({ client, owner, topicId }: Side, dataText: string): Promise<string> {
  const path = `/v1/topics/${topicId}/messages`;
  const rawBody = `{"type":"a","data":${dataText}}`;
  const { status, body } = await client.call('POST', path, { token: owner.token, rawBody });
  expect([status, dataText.slice(0, 60)]).toEqual([202, dataText.slice(0, 60)]);
  return body.id;
}

function publishBoth(): Promise<[id: string, neighbour: string][]> {
  return Promise.all(
    AWKWARD_JSON.map((dataText, n) =>
      Promise.all([publishText(awkward, dataText), publishText(good, `"сосед ${n}"`)]),
    ),
  );
}

/** Nothing had to be done a second time by anybody but who was asked to. */
function troubles(): string[] {
  return programs.flatMap((program) =>
    program
      .output()
      .split('\n')
      .filter((line) => /"level":"(?:warn|error|fatal)"/.test(line)),
  );
}

async function attemptsOf({ reader, webhookId }: Side): Promise<Record<string, number>> {
  const query = { subscriptionId: webhookId, limit: 200 };
  const { items } = await reader.client.ask(listDeliveries, { query });
  return Object.fromEntries(
    items.map((one) => [one.messageId, one.state === 'delivered' ? one.attemptCount : 0]),
  );
}

async function pullAll({ reader, pullId }: Side): Promise<PulledDelivery[]> {
  const pulled: PulledDelivery[] = [];
  await eventually(async () => {
    const body = { max: 100, waitSeconds: 1, leaseSeconds: 300 };
    const { items } = await reader.client.ask(pullDeliveries, { params: { id: pullId }, body });
    pulled.push(...items);
    return pulled.length >= COUNT;
  });
  return pulled;
}

describe('awkward JSON beside a good neighbour', () => {
  let ids: [string, string][];

  it(
    'is fanned out, queued, sent, answered with, and recorded; so is the neighbour’s, at its first attempt',
    async () => {
      let answered = 0;
      awkward.receiver.respondWith(({ headers }) => {
        const body = Buffer.concat([
          Buffer.from(AWKWARD_JSON[answered++ % COUNT] ?? ''),
          Buffer.from([0, 0xff]),
        ]);
        const isFirst = !awkward.receiver.received.some(
          (one) => one.headers !== headers && one.headers['webhook-id'] === headers['webhook-id'],
        );
        return { status: isFirst ? 500 : 200, body };
      });
      ids = await publishBoth();
      const [own, neighbours] = [ids.map(([id]) => id), ids.map(([, id]) => id)];
      await eventually(
        async () => {
          expect(await attemptsOf(awkward)).toEqual(Object.fromEntries(own.map((id) => [id, 2])));
          expect(await attemptsOf(good)).toEqual(Object.fromEntries(neighbours.map((id) => [id, 1])));
          return true;
        },
        { timeoutMs: 30_000 },
      );
      for (const [n, dataText] of AWKWARD_JSON.entries()) {
        const came = awkward.receiver.received.filter(({ headers }) => headers['webhook-id'] === own[n]);
        expect(
          came.every(({ rawBody }) => rawBody.includes(`"data":${dataText}`)),
          dataText.slice(0, 60),
        ).toBe(true);
      }
      expect(troubles()).toEqual([]);
    },
    MINUTE,
  );

  it(
    'is pulled, and acknowledged beside leases that are nobody’s',
    async () => {
      const [own, neighbours] = await Promise.all([pullAll(awkward), pullAll(good)]);
      expect([own.length, neighbours.length]).toEqual([COUNT, COUNT]);
      const ack = ({ reader, pullId }: Side, items: { deliveryId: string; lease: string }[]) =>
        reader.client.ask(ackDeliveries, {
          params: { id: pullId },
          body: { items: items.map((item) => ({ ...item, outcome: 'done' as const })) },
        });
      const said = await Promise.all(
        own.flatMap(({ deliveryId, lease }, n) => {
          const text = `${AWKWARD_TEXTS[n % AWKWARD_TEXTS.length]}${n % 2 === 0 ? '\u0000' : '\ud800'}`;
          const bad = [
            { deliveryId: text, lease: text },
            { deliveryId: `${deliveryId.slice(0, -1)}\u0000`, lease },
          ];
          const neighbour = neighbours[n];
          if (neighbour === undefined) throw new Error('no neighbour');
          return [
            ack(awkward, [...bad, { deliveryId, lease }]),
            ack(good, [{ deliveryId: neighbour.deliveryId, lease: neighbour.lease }]),
          ];
        }),
      );
      expect(said.map(({ items }) => items.map(({ status }) => status).join())).toEqual(
        own.flatMap(() => ['409,409,200', '200']),
      );
      expect(troubles()).toEqual([]);
    },
    MINUTE,
  );

  it(
    'is found by the neighbour’s words only, taken back with it, and told of',
    async () => {
      const query = { topicId: good.topicId, q: 'сосед', limit: 200 };
      await eventually(
        async () => (await good.reader.client.ask(searchMessages, { query })).items.length === COUNT,
      );
      const before = good.receiver.received.length;
      const recalled = await Promise.all(
        ids.flatMap(([id, neighbour], n) => [
          awkward.owner.client.ask(recallMessage, {
            params: { id },
            body: { reason: AWKWARD_TEXTS[n % AWKWARD_TEXTS.length] ?? '' },
          }),
          good.owner.client.ask(recallMessage, { params: { id: neighbour }, body: { reason: 'не тот' } }),
        ]),
      );
      expect(recalled.map(({ state }) => state)).toEqual(Array(2 * COUNT).fill('recalled'));
      await good.receiver.waitFor(before + COUNT, 30_000);
      expect(troubles()).toEqual([]);
    },
    MINUTE,
  );

  it(
    'as names and purposes is kept as notices, with the neighbour’s',
    async () => {
      await Promise.all(
        AWKWARD_TEXTS.flatMap((text) => [
          awkward.owner.client.ask(createApiKey, { body: { name: text, scopes: ['read'] } }),
          awkward.owner.client
            .ask(requestAccess, { params: { id: good.topicId }, body: { purpose: text } })
            .catch(
              () => undefined, // one at a time
            ),
          good.owner.client.ask(createApiKey, { body: { name: 'ключ', scopes: ['read'] } }),
        ]),
      );
      const kept = async ({ owner }: Side) =>
        (await owner.client.ask(listNotices, { query: { type: 'anika.key.made', limit: 200 } })).items.length;
      await eventually(
        async () => {
          expect([await kept(awkward), await kept(good)]).toEqual([
            AWKWARD_TEXTS.length,
            AWKWARD_TEXTS.length,
          ]);
          return true;
        },
        { timeoutMs: 20_000 },
      );
      expect(troubles()).toEqual([]);
    },
    MINUTE,
  );
});
