import { setTimeout as wait } from 'node:timers/promises';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { connectMongo } from '@anika/stores/mongo/client';
import { createTestDatabases } from '@anika/testkit/databases';
import { startReceiver } from '@anika/testkit/receiver';
import { readServers } from '@anika/testkit/servers';
import { ensureTemplate } from '@anika/testkit/template';
import { launch, signIn, visit } from '../e2e/support/browser.ts';
import { startProgram } from '../e2e/support/program.ts';
import { createScene } from '../e2e/support/scene.ts';
import { findChromium, NO_CHROMIUM } from '../tools/chromium.ts';
import { buildConsole } from '../tools/console.ts';
import { collectGarbage, cpuSeconds, heapBytes, interactions, largestPaintMs } from './console-probes.ts';
import { fill } from './stored-million.ts';

/**
 * How quick the console is with so many deliveries stored, and what its live tail costs while much happens.
 * `node bench/console.ts [minutes of the tail]`, with servers running.
 */
const STORED = 100_000;
const LOADS = 5;
const PAINT_LIMIT_MS = 1500;
const INTERACTION_LIMIT_MS = 100;
/** Each is four events: a message, its delivery, its attempt and its state. */
const MESSAGES_PER_SECOND = 125;
const TAIL_LIMIT_PERCENT = 20;
const MINUTE_MS = 60_000;
const PASSWORD = 'correct horse battery';
const LOOK = { language: 'ru', theme: 'light' } as const;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const tailMinutes = Number(process.argv[2] ?? 1);
const chromium = findChromium();
if (chromium === undefined) throw new Error(NO_CHROMIUM);

await ensureTemplate(readServers().databaseUrl);
const [databases, receiver] = await Promise.all([
  createTestDatabases(),
  startReceiver(),
  buildConsole(({ en }) => say(en)),
]);
const programs = [await startProgram('api', { databases }), await startProgram('dispatcher', { databases })];
const url = programs[0]?.url ?? '';
const browser = await launch(chromium);
try {
  const scene = await createScene(url);
  const subscription = await scene.subscribe(receiver);
  await store(scene, subscription.id);
  await measurePages(scene, subscription.id);
  await measureTail(scene);
} finally {
  await browser.close();
  for (const program of programs) await program.stop();
  await receiver.close();
  await databases.drop();
}

type Scene = Awaited<ReturnType<typeof createScene>>;

async function store({ owner, reader, topicId }: Scene, subscriptionId: string): Promise<void> {
  const mongo = connectMongo({ url: databases.mongodbUrl });
  const owned = {
    topicId: topicId as TopicId,
    ownerId: owner.id as PartnerId,
    partnerId: reader.id as PartnerId,
    subscriptionId: subscriptionId as SubscriptionId,
  };
  await fill(mongo, owned, { count: STORED, say });
  await mongo.close();
  say(`${STORED} messages and deliveries of 30 days are stored`);
}

async function measurePages({ owner, reader, topicId }: Scene, subscriptionId: string): Promise<void> {
  const pages: readonly (readonly [email: string, path: string])[] = [
    [owner.adminEmail, '/'],
    [owner.adminEmail, `/topics/${topicId}`],
    [owner.adminEmail, `/topics/${topicId}?tab=figures&range=30d`],
    [owner.adminEmail, '/messages'],
    [owner.adminEmail, `/receipts?topic=${topicId}`],
    [reader.adminEmail, '/'],
    [reader.adminEmail, '/deliveries'],
    [reader.adminEmail, '/dead-letters'],
    [reader.adminEmail, `/subscriptions/${subscriptionId}`],
    [reader.adminEmail, `/subscriptions/${subscriptionId}?tab=figures&range=30d`],
  ];
  for (const [email, path] of pages) {
    const visitor = await visit(browser, url, LOOK);
    await signIn(visitor, email, PASSWORD);
    const paints: number[] = [];
    for (let load = 0; load < LOADS; load += 1) paints.push(await largestPaintMs(visitor.page, path));
    const slowest = await interactions(visitor.page);
    const paint = Math.round(paints.toSorted((a, b) => a - b)[Math.floor(LOADS / 2)] ?? 0);
    report(`${path}: largest paint, middle of ${LOADS} loads`, paint, PAINT_LIMIT_MS, 'ms');
    report(`${path}: slowest interaction`, slowest, INTERACTION_LIMIT_MS, 'ms');
    await visitor.close();
  }
}

async function measureTail({ client, owner, topicId }: Scene): Promise<void> {
  const visitor = await visit(browser, url, LOOK);
  await signIn(visitor, owner.adminEmail, PASSWORD);
  await visitor.page.goto('/console/live');
  const publishing = new AbortController();
  const published = publish(publishing.signal, (count) =>
    client.call('POST', `/v1/topics/${topicId}/messages/batch`, {
      token: owner.token,
      body: { messages: Array.from({ length: count }, (_, n) => ({ type: 'car.chosen', data: { n } })) },
    }),
  );
  await wait(10_000); // what is compiled and cached at first is not what it costs
  const heaps: number[] = [];
  for (let minute = 0; minute < tailMinutes; minute += 1) {
    const before = await cpuSeconds(browser);
    await wait(MINUTE_MS);
    const percent = Math.round((((await cpuSeconds(browser)) - before) / (MINUTE_MS / 1000)) * 1000) / 10;
    await collectGarbage(visitor.page);
    heaps.push(Math.round((await heapBytes(visitor.page)) / 1e5) / 10);
    report(`tail, minute ${minute + 1}: the tab's processor`, percent, TAIL_LIMIT_PERCENT, '% of a core');
  }
  publishing.abort();
  say(`tail: ${Math.round(await published)} messages a second, four events each`);
  say(`tail: heap after each minute, MB: ${heaps.join(' ')}`);
  await visitor.close();
}

/** So many a second until the signal; resolves with how many it were. */
async function publish(signal: AbortSignal, send: (count: number) => Promise<unknown>): Promise<number> {
  const startedMs = Date.now();
  let sent = 0;
  while (!signal.aborted) {
    const due = Math.floor(((Date.now() - startedMs) / 1000) * MESSAGES_PER_SECOND);
    const count = Math.min(100, due - sent);
    if (count > 0) await send(count);
    sent += Math.max(0, count);
    await wait(20);
  }
  return sent / ((Date.now() - startedMs) / 1000);
}

function report(what: string, value: number, limit: number, unit: string): void {
  say(`${value <= limit ? 'holds ' : 'MISSED'} ${String(value).padStart(6)} ${unit} (≤ ${limit})  ${what}`);
  if (value > limit) process.exitCode = 1;
}
