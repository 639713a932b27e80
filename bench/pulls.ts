import { Agent, request } from 'node:http';
import { closedLoop, createPublish, openLoop, quantile } from './driver.ts';
import { cpuMs } from './programs.ts';
import type { Anika, PullTopic } from './subjects.ts';

/** What a reader that pulls gets. */
export type PullRow = {
  readonly what: string;
  readonly deliveriesPerSecond: number | undefined;
  /** From the time a message was meant to be sent to the answer that brings it. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** Of both programs, of one core. */
  readonly cpuPercent: number;
  readonly lost: number;
};

export const PULLS = 'pull: a backlog in batches of 100, wake-ups, 1,000 that wait';

const BACKLOG = 20_000;
const WARM_UP = 5000;
const BATCH = 100;
const IDLE_POLLERS = 1000;
/** A full turn of all waits, after one in which they spread. */
const IDLE_SECONDS = 21;

const now = () => performance.timeOrigin + performance.now();

type Item = { readonly deliveryId: string; readonly lease: string; readonly body: string };

/** A client over kept-alive connections, as bare as the publisher's. */
function createPost(token: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: IDLE_POLLERS });
  return (url: string, body: object): Promise<{ items: Item[] }> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        authorization: `Bearer ${token}`,
      };
      const req = request(url, { agent, method: 'POST', headers }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          if (res.statusCode === 200) resolve(JSON.parse(answer));
          else reject(new Error(`${url} answered ${res.statusCode}: ${answer}`));
        });
      });
      req.on('error', reject);
      req.end(text);
    });
}

/** Pulls and acknowledges until so many have come; what it has is acknowledged while it asks for more. */
async function drain(topic: PullTopic, count: number, took: (items: readonly Item[], atMs: number) => void) {
  const post = createPost(topic.token);
  const acks: Promise<unknown>[] = [];
  let got = 0;
  while (got < count) {
    const { items } = await post(`${topic.pullUrl}/pull`, { max: BATCH, waitSeconds: 10, leaseSeconds: 60 });
    if (items.length === 0) break;
    took(items, now());
    got += items.length;
    const done = items.map(({ deliveryId, lease }) => ({ deliveryId, lease, outcome: 'done' }));
    acks.push(post(`${topic.pullUrl}/ack`, { items: done }));
  }
  await Promise.all(acks);
  return got;
}

async function measured<R>(pids: readonly number[], work: () => Promise<R>) {
  const before = pids.map(cpuMs);
  const startedAt = now();
  const result = await work();
  const seconds = (now() - startedAt) / 1000;
  const cpu = pids.map(cpuMs).reduce((sum, ms, index) => sum + ms - (before[index] ?? 0), 0);
  return { result, seconds, cpuPercent: Math.round(cpu / seconds) / 10 };
}

/** What waits already, as fast as one puller takes it. */
async function backlog(anika: Anika, say: (line: string) => void): Promise<PullRow> {
  const topic = await anika.createPull(1);
  const publish = createPublish(topic.publishUrl, topic.token);
  await closedLoop(publish, { count: WARM_UP, inFlight: 32, first: 1_000_000 });
  await drain(topic, WARM_UP, () => undefined);
  say(`  ${BACKLOG} messages are published …`);
  await closedLoop(publish, { count: BACKLOG, inFlight: 32, first: 1 });
  await new Promise((done) => setTimeout(done, 3000)); // their fan-out
  const { result, seconds, cpuPercent } = await measured(anika.pids, () =>
    drain(topic, BACKLOG, () => undefined),
  );
  return {
    what: `${BACKLOG} that wait, one puller, batches of ${BATCH}`,
    deliveriesPerSecond: Math.round(result / seconds),
    p50Ms: undefined,
    p99Ms: undefined,
    cpuPercent,
    lost: BACKLOG - result,
  };
}

/** One puller that waits, and messages at a low rate. */
async function wakeUps(anika: Anika): Promise<PullRow> {
  const topic = await anika.createPull(1);
  const publish = createPublish(topic.publishUrl, topic.token);
  const count = 500;
  const arrivedMs = new Map<number, number>();
  const { result, cpuPercent } = await measured(anika.pids, async () => {
    const pulling = drain(topic, count, (items, atMs) => {
      for (const { body } of items) arrivedMs.set(Number(/"n":(\d+)/.exec(body)?.[1]), atMs);
    });
    const sent = await openLoop(publish, { perSecond: 50, seconds: 10, first: 1 });
    await pulling;
    return sent;
  });
  const late = [...result.sentMs].flatMap(([n, atMs]) => {
    const arrived = arrivedMs.get(n);
    return arrived === undefined ? [] : [arrived - atMs];
  });
  return {
    what: '50/s for 10 s to one that waits',
    deliveriesPerSecond: undefined,
    p50Ms: Math.round(quantile(late, 0.5) * 10) / 10,
    p99Ms: Math.round(quantile(late, 0.99) * 10) / 10,
    cpuPercent,
    lost: count - late.length,
  };
}

/** Many that wait for what never comes; what the programs use without them is taken off. */
async function idle(anika: Anika): Promise<PullRow> {
  const topic = await anika.createPull(IDLE_POLLERS);
  const post = createPost(topic.token);
  const sleep = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));
  const without = await measured(anika.pids, () => sleep(10));
  let isOver = false;
  const pollers = topic.pullUrls.map(async (url, index) => {
    await sleep((index / IDLE_POLLERS) * IDLE_SECONDS); // they come one by one, as companies' programs do
    while (!isOver) await post(`${url}/pull`, { waitSeconds: 20 });
  });
  await sleep(IDLE_SECONDS + 1);
  const { cpuPercent } = await measured(anika.pids, () => sleep(IDLE_SECONDS));
  isOver = true;
  await Promise.all(pollers);
  return {
    what: `${IDLE_POLLERS} that wait for nothing`,
    deliveriesPerSecond: undefined,
    p50Ms: undefined,
    p99Ms: undefined,
    cpuPercent: Math.round((cpuPercent - without.cpuPercent) * 10) / 10,
    lost: 0,
  };
}

export async function benchPulls(
  start: () => Promise<Anika>,
  say: (line: string) => void,
): Promise<PullRow[]> {
  const rows: PullRow[] = [];
  for (const work of [backlog, wakeUps, idle]) {
    const anika = await start();
    try {
      const row = await work(anika, say);
      say(`  ${JSON.stringify(row)}`);
      rows.push(row);
    } finally {
      await anika.stop();
    }
  }
  return rows;
}
