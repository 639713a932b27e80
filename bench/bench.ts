import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { homeFolder } from '../tools/home.ts';
import { startHomeServers } from '../tools/home-servers.ts';
import { closedLoop, createPublish, openLoop, type Publish, quantile } from './driver.ts';
import { cpuMs, memoryMiB, ROOT, type Running, startApp, startOwn } from './programs.ts';
import { type Anika, startAnika } from './subjects.ts';

/** One row of the result: a scenario on one subject. */
export type Row = {
  readonly scenario: string;
  readonly subject: 'anika' | 'bare';
  readonly messages: number;
  readonly deliveries: number;
  readonly deliveriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerDelivery: number;
  readonly memoryMiB: number;
  readonly lost: number;
  readonly duplicates: number;
};

type Subject = {
  readonly name: Row['subject'];
  readonly publish: Publish;
  readonly pids: readonly number[];
  readonly subscribers: number;
};
type Scenario = {
  readonly name: string;
  readonly subscribers: number;
  readonly warmUp: number;
  run(publish: Publish, first: number): Promise<{ startedAt: number; sentMs: Map<number, number> }>;
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'closed loop, 5,000 messages, 32 in flight, 1 subscriber',
    subscribers: 1,
    warmUp: 1500,
    run: (publish, first) => closedLoop(publish, { count: 5000, inFlight: 32, first }),
  },
  {
    name: 'open loop, 200/s for 10 s, 1 subscriber',
    subscribers: 1,
    warmUp: 500,
    run: (publish, first) => openLoop(publish, { perSecond: 200, seconds: 10, first }),
  },
  {
    name: 'open loop, 100/s for 10 s, 1 subscriber',
    subscribers: 1,
    warmUp: 500,
    run: (publish, first) => openLoop(publish, { perSecond: 100, seconds: 10, first }),
  },
  {
    name: 'fan-out, 300 messages, 20 subscribers',
    subscribers: 20,
    warmUp: 100,
    run: (publish, first) => closedLoop(publish, { count: 300, inFlight: 32, first }),
  },
];

const DRAIN_MS = 60_000;

async function arrivals(
  receiver: Running,
  clear = false,
): Promise<Map<number, [count: number, atMs: number]>> {
  const response = await fetch(`${receiver.url}/arrivals${clear ? '?clear' : ''}`);
  const rows = (await response.json()) as [number, number, number][];
  return new Map(rows.map(([n, count, atMs]) => [n, [count, atMs]]));
}

async function measure(scenario: Scenario, subject: Subject, receiver: Running): Promise<Row> {
  const expected = (sent: Map<number, number>) => sent.size * subject.subscribers;
  const settle = async (sent: Map<number, number>) => {
    const until = Date.now() + DRAIN_MS;
    for (;;) {
      const arrived = await arrivals(receiver);
      const total = [...sent.keys()].reduce((sum, n) => sum + (arrived.get(n)?.[0] ?? 0), 0);
      if (total >= expected(sent) || Date.now() > until) return arrived;
      await new Promise((done) => setTimeout(done, 100));
    }
  };
  const warm = await closedLoop(subject.publish, { count: scenario.warmUp, inFlight: 16, first: 1_000_000 });
  await settle(warm.sentMs);
  await arrivals(receiver, true);

  const before = subject.pids.map(cpuMs);
  const { startedAt, sentMs } = await scenario.run(subject.publish, 1);
  const arrived = await settle(sentMs);
  const cpu = subject.pids.map(cpuMs).reduce((sum, ms, i) => sum + ms - (before[i] ?? 0), 0);
  const ends = [...sentMs.keys()].flatMap((n) => arrived.get(n)?.[1] ?? []);
  const total = [...sentMs.keys()].reduce((sum, n) => sum + (arrived.get(n)?.[0] ?? 0), 0);
  const late = [...sentMs].flatMap(([n, at]) => {
    const entry = arrived.get(n);
    return entry === undefined ? [] : [entry[1] - at];
  });
  const seconds = (Math.max(...ends) - startedAt) / 1000;
  const wanted = expected(sentMs);
  return {
    scenario: scenario.name,
    subject: subject.name,
    messages: sentMs.size,
    deliveries: total,
    deliveriesPerSecond: Math.round(total / seconds),
    p50Ms: round(quantile(late, 0.5)),
    p99Ms: round(quantile(late, 0.99)),
    cpuMsPerDelivery: Math.round((cpu / total) * 1000) / 1000,
    memoryMiB: subject.pids.map(memoryMiB).reduce((sum, mib) => sum + mib, 0),
    lost: Math.max(0, wanted - total),
    duplicates: Math.max(0, total - wanted),
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

async function onAnika(scenario: Scenario, anika: Anika, receiver: Running): Promise<Row> {
  const topic = await anika.createTopic(scenario.subscribers, receiver.url);
  const subject: Subject = {
    name: 'anika',
    subscribers: scenario.subscribers,
    publish: createPublish(topic.publishUrl, topic.token),
    pids: anika.pids,
  };
  return measure(scenario, subject, receiver);
}

async function onBare(scenario: Scenario, env: Record<string, string>, receiver: Running): Promise<Row> {
  const own = {
    ...env,
    BENCH_PREFIX: `bare${randomBytes(4).toString('hex')}`,
    BENCH_SUBSCRIBERS: String(scenario.subscribers),
    BENCH_ENDPOINT: `${receiver.url}/hook`,
  };
  const worker = await startOwn('bare-worker.ts', own);
  const api = await startOwn('bare-api.ts', own);
  try {
    const subject: Subject = {
      name: 'bare',
      subscribers: scenario.subscribers,
      publish: createPublish(`${api.url}/publish`, undefined),
      pids: [api.pid, worker.pid],
    };
    return await measure(scenario, subject, receiver);
  } finally {
    await api.stop();
    await worker.stop();
  }
}

function table(rows: readonly Row[]): string {
  const head = [
    'scenario',
    'subject',
    'deliveries/s',
    'p50 ms',
    'p99 ms',
    'CPU ms/delivery',
    'MiB',
    'lost',
    'dup',
  ];
  const cells = rows.map((row) => [
    row.scenario,
    row.subject,
    row.deliveriesPerSecond,
    row.p50Ms,
    row.p99Ms,
    row.cpuMsPerDelivery,
    row.memoryMiB,
    row.lost,
    row.duplicates,
  ]);
  const lines = [head, head.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`);
  return lines.join('\n');
}

function ratios(rows: readonly Row[]): string {
  return SCENARIOS.flatMap(({ name }) => {
    const [anika, bare] = ['anika', 'bare'].map((subject) =>
      rows.find((row) => row.scenario === name && row.subject === subject),
    );
    if (anika === undefined || bare === undefined) return [];
    const share = Math.round((anika.deliveriesPerSecond / bare.deliveriesPerSecond) * 100);
    const slower = Math.round((anika.p99Ms / bare.p99Ms) * 100) / 100;
    return [`${name}: ${share} % of the bare pipeline's rate, ${slower} × its p99`];
  }).join('\n');
}

/** `./anika bench`: each scenario on ANIKA and on the bare pipeline, on the same servers, in turn. */
export async function bench(
  options: { only: string | undefined },
  say: (line: string) => void,
): Promise<number> {
  say('Building the bundles …');
  execFileSync('npx', ['--no-install', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
    cwd: ROOT,
    stdio: 'ignore',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  const home = join(homeFolder(), 'bench');
  await mkdir(home, { recursive: true });
  const servers = await startHomeServers({ home, say });
  const rows: Row[] = [];
  try {
    const env = {
      DATABASE_URL: servers.urls.databaseUrl,
      MONGODB_URL: servers.urls.mongodbUrl,
      REDIS_URL: servers.urls.redisUrl,
    };
    const receiver = await startOwn('receiver.ts', {});
    for (const scenario of SCENARIOS.filter(({ name }) => name.includes(options.only ?? ''))) {
      say(`${scenario.name} …`);
      rows.push(await onBare(scenario, env, receiver));
      say(`  bare   ${JSON.stringify(rows.at(-1))}`);
      const anika = await startAnika(env, startApp);
      rows.push(await onAnika(scenario, anika, receiver).finally(anika.stop));
      say(`  anika  ${JSON.stringify(rows.at(-1))}`);
    }
    await receiver.stop();
  } finally {
    await servers.stop();
  }
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  await writeFile(join(home, 'result.json'), JSON.stringify({ at: new Date(), machine, rows }, null, 2));
  say(`\n${table(rows)}\n\n${ratios(rows)}`);
  return rows.some((row) => row.lost > 0) ? 1 : 0;
}
