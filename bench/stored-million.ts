import { randomBytes } from 'node:crypto';
import { createClient } from '@anika/client/client';
import { whoAmI } from '@anika/contracts/auth';
import { listSubscriptions } from '@anika/contracts/subscriptions';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { deliveryId, newId } from '@anika/core/ids';
import { wordBlocksOf } from '@anika/core/word-blocks';
import { wordsOf } from '@anika/core/words';
import { connectMongo, type Mongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import type { DeliveryDocument } from '@anika/stores/mongo/delivery-document';
import { createMessageStore, type NewMessage } from '@anika/stores/mongo/messages';
import { createWordBlockStore } from '@anika/stores/mongo/word-blocks';
import { quantile } from './driver.ts';
import { startApp } from './programs.ts';
import { startAnika } from './subjects.ts';

/** How long something took over a database with so many messages and as many finished deliveries. */
export type StoredRow = {
  readonly what: string;
  readonly found: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The plainest query of the driver for the same, on the same database. */
  readonly bareP50Ms: number | undefined;
};

const DAY_MS = 86_400_000;
const BATCH = 2000;
const REPEATS = 40;
const CITIES = ['Казань', 'Москва', 'Пермь', 'Тверь', 'Омск', 'Сочи', 'Уфа', 'Тула', 'Псков', 'Чита'];
const MODELS = ['Веста', 'Гранта', 'Нива', 'Искра', 'Ларгус'];

export type Owned = {
  readonly topicId: TopicId;
  readonly ownerId: PartnerId;
  readonly subscriptionId: SubscriptionId;
  /** Default: the owner itself. */
  readonly partnerId?: PartnerId;
};

/** Stores a million, then searches through the API, beside the driver, and looks for unfinished work. */
export async function benchStoredMillion(
  env: Record<string, string>,
  options: { count: number; endpoint: string; say: (line: string) => void },
): Promise<StoredRow[]> {
  const { count, say } = options;
  const mongodbUrl = (env.MONGODB_URL ?? '').replace(
    /\/[^/]*$/,
    `/million_${randomBytes(3).toString('hex')}`,
  );
  const anika = await startAnika({ ...env, MONGODB_URL: mongodbUrl }, startApp);
  const mongo = connectMongo({ url: mongodbUrl });
  try {
    const topic = await anika.createTopic(1, options.endpoint);
    const owned = await ownersOf(topic);
    const before = await unfinishedWork(mongo, 'nothing stored');
    const startedAt = Date.now();
    await fill(mongo, owned, { count, say });
    say(
      `  stored ${count} messages and ${count} deliveries in ${Math.round((Date.now() - startedAt) / 1000)} s`,
    );
    return [
      ...(await searches(mongo, topic, owned)),
      ...before,
      ...(await unfinishedWork(mongo, `${count} stored`)),
    ];
  } finally {
    await mongo.db.dropDatabase().catch(() => undefined);
    await mongo.close();
    await anika.stop();
  }
}

type Topic = { readonly publishUrl: string; readonly token: string };

async function ownersOf({ publishUrl, token }: Topic): Promise<Owned> {
  const company = createClient({ baseUrl: new URL(publishUrl).origin, credential: token });
  const { partnerId } = await company.ask(whoAmI);
  const [subscription] = (await company.ask(listSubscriptions)).items;
  if (subscription === undefined) throw new Error('the topic of the bench has no subscription');
  const topicId = publishUrl.split('/').at(-2) as TopicId;
  return { topicId, ownerId: partnerId as PartnerId, subscriptionId: subscription.id as SubscriptionId };
}

export async function fill(
  mongo: Mongo,
  owned: Owned,
  { count, say }: { count: number; say: (line: string) => void },
): Promise<void> {
  const messages = createMessageStore(mongo);
  const wordBlocks = createWordBlockStore(mongo);
  const firstMs = Date.now() - 30 * DAY_MS;
  const stepMs = (30 * DAY_MS) / count;
  for (let first = 0; first < count; first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) =>
      message(first + index, owned, firstMs + (first + index) * stepMs),
    );
    await messages.insert(batch);
    const worded = batch.map(({ topicId, type, audience, acceptedAtMs, dataText }) => ({
      type,
      audience,
      topicId,
      acceptedAtMs,
      words: wordsOf(dataText),
    }));
    await wordBlocks.insert(wordBlocksOf(worded));
    await messages.markFannedOut(batch.map(({ id }) => id));
    await mongo.deliveries.insertMany(
      batch.map((one) => finishedDelivery(one, owned)),
      { ordered: false },
    );
    if ((first / BATCH) % 50 === 49) say(`  ${first + BATCH} of ${count} stored …`);
  }
}

function message(n: number, { topicId, ownerId }: Owned, acceptedAtMs: number): NewMessage {
  const data = {
    n,
    model: MODELS[n % MODELS.length],
    price: 900_000 + ((n * 7919) % 2_000_000),
    customer: { city: CITIES[n % CITIES.length], contract: `Д-${(n * 104_729) % 1_000_003}` },
  };
  const at = Math.floor(acceptedAtMs);
  return {
    id: newId('msg', at, randomBytes(16)),
    topicId,
    ownerId,
    type: n % 4 === 0 ? 'car.sold' : 'car.chosen',
    key: undefined,
    data,
    dataText: JSON.stringify(data),
    acceptedAtMs: at,
    audience: undefined,
    fingerprint: undefined,
  };
}

function finishedDelivery(
  { id, type, acceptedAtMs, topicId, ownerId }: NewMessage,
  owned: Owned,
): DeliveryDocument {
  const at = new Date(acceptedAtMs);
  return {
    _id: deliveryId(id, randomBytes(20)),
    messageId: id,
    topicId,
    subscriptionId: owned.subscriptionId,
    ownerId,
    partnerId: owned.partnerId ?? ownerId,
    type,
    state: 'delivered',
    generation: 1,
    attemptCount: 1,
    acceptedAt: at,
    createdAt: at,
    finishedAt: at,
    attempts: [],
  };
}

async function searches(mongo: Mongo, topic: Topic, { topicId }: Owned): Promise<StoredRow[]> {
  const url = topic.publishUrl.replace(/\/topics\/.*/, '/messages');
  const dayAgo = new Date(Date.now() - 10 * DAY_MS);
  // Words have an index of ours, which no plain query asks.
  const cases: readonly (readonly [
    what: string,
    query: Record<string, string>,
    plain: object | undefined,
  ])[] = [
    ['newest page of a topic', {}, {}],
    [
      'one type, one day',
      { type: 'car.sold', from: dayAgo.toISOString(), to: new Date(dayAgo.getTime() + DAY_MS).toISOString() },
      { type: 'car.sold', acceptedAt: { $gte: dayAgo, $lt: new Date(dayAgo.getTime() + DAY_MS) } },
    ],
    ['a word in every tenth', { q: 'казань' }, undefined],
    ['a word in one of a million', { q: 'Д-104729' }, undefined],
    ['two words', { q: 'тула искра' }, undefined],
    ['where: a city', { where: '{"data.customer.city":"Псков"}' }, { 'data.customer.city': 'Псков' }],
    [
      'where: a price range that is rare',
      { where: '{"data.price":{"gte":2899000}}' },
      { 'data.price': { $gte: 2_899_000 } },
    ],
  ];
  const rows: StoredRow[] = [];
  for (const [what, query, conditions] of cases) {
    const ask = async () => {
      const response = await fetch(`${url}?${new URLSearchParams({ topicId, limit: '50', ...query })}`, {
        headers: { authorization: `Bearer ${topic.token}` },
      });
      if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
      return ((await response.json()) as { items: unknown[] }).items.length;
    };
    const plain = async () =>
      (
        await mongo.messages
          .find({ topicId, ...conditions })
          .sort({ acceptedAt: -1, _id: -1 })
          .limit(50)
          .toArray()
      ).length;
    const through = await timed(ask);
    const beside = conditions === undefined ? undefined : await timed(plain);
    rows.push({ what, ...through, bareP50Ms: beside?.p50Ms });
  }
  return rows;
}

/** What a sweep asks, every few seconds: it must not cost more when more is stored. */
async function unfinishedWork(mongo: Mongo, when: string): Promise<StoredRow[]> {
  const messages = createMessageStore(mongo);
  const deliveries = createDeliveryStore(mongo, { graceMs: 1000 });
  const notFannedOut = await timed(async () => (await messages.findNotFannedOut(Date.now(), 200)).length);
  const overdue = await timed(async () => (await deliveries.findOverdue(Date.now(), 1000)).length);
  return [
    { what: `sweep: messages not fanned out, ${when}`, ...notFannedOut, bareP50Ms: undefined },
    { what: `sweep: deliveries without a job, ${when}`, ...overdue, bareP50Ms: undefined },
  ];
}

/** A query that takes seconds is not asked forty times. */
async function timed(work: () => Promise<number>): Promise<Pick<StoredRow, 'found' | 'p50Ms' | 'p99Ms'>> {
  const tookMs: number[] = [];
  let found = 0;
  const until = performance.now() + 10_000;
  while (tookMs.length < REPEATS && (tookMs.length < 3 || performance.now() < until)) {
    const startedAt = performance.now();
    found = await work();
    tookMs.push(performance.now() - startedAt);
  }
  const round = (ms: number) => Math.round(ms * 10) / 10;
  return { found, p50Ms: round(quantile(tookMs, 0.5)), p99Ms: round(quantile(tookMs, 0.99)) };
}
