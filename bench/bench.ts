import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { homeFolder } from '../tools/home.ts';
import { startHomeServers } from '../tools/home-servers.ts';
import { inEnglish } from '../tools/language.ts';
import { closedLoop, createPublish } from './driver.ts';
import { measure, middleRound, type Row, type Subject } from './measure.ts';
import { profileTables } from './profile.ts';
import { ROOT, type Running, startApp, startOwn, startProfiled } from './programs.ts';
import { benchPulls, PULLS, type PullRow } from './pulls.ts';
import { benchReplays, REPLAYS, type ReplayRow } from './replays.ts';
import { comparable, SCENARIOS, type Scenario } from './scenarios.ts';
import { benchStats, STATS, type StatsRow } from './stats.ts';
import { benchStoredMillion, type StoredRow } from './stored-million.ts';
import { type Anika, startAnika } from './subjects.ts';
import { chart, pullTable, ratios, replayTable, statsTable, storedTable, table } from './table.ts';

const STORED_MILLION = 'search and sweep, 1,000,000 messages stored';

async function onAnika(scenario: Scenario, anika: Anika, receiver: Running): Promise<Row> {
  const topic = await anika.createTopic(scenario.subscribers, receiver.url);
  if (scenario.hanging !== undefined && scenario.hanging > 0) {
    const other = await anika.createTopic(1, `${receiver.url}/hang`);
    await closedLoop(createPublish(other.publishUrl, other.token), {
      count: scenario.hanging,
      inFlight: 32,
      first: 10_000_000,
    });
  }
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

type Bench = {
  readonly env: Record<string, string>;
  readonly receiver: Running;
  readonly say: (line: string) => void;
};

/** Round by round; what each scenario comes to on each subject. */
async function measureInTurn(scenarios: readonly Scenario[], { env, receiver, say }: Bench): Promise<Row[]> {
  const measured = new Map<string, Row[]>();
  const keep = (row: Row) => {
    say(`  ${row.subject.padEnd(6)} ${JSON.stringify(row)}`);
    const key = `${row.subject} ${row.scenario}`;
    measured.set(key, [...(measured.get(key) ?? []), row]);
  };
  const rounds = Math.max(...scenarios.map((scenario) => scenario.rounds ?? 1));
  for (let round = 0; round < rounds; round += 1) {
    for (const scenario of scenarios) {
      say(`${scenario.name} …`);
      if (scenario.hanging === undefined) keep(await onBare(scenario, env, receiver));
      const anika = await startAnika(env, startApp);
      keep(await onAnika(scenario, anika, receiver).finally(anika.stop));
    }
  }
  return [...measured.values()].flatMap(middleRound);
}

/** `./anika bench --profile`: where the processor time of both programs goes, one scenario after the other. */
async function profile(
  scenarios: readonly Scenario[],
  { env, receiver, say }: Bench,
  folder: string,
): Promise<void> {
  for (const scenario of scenarios) {
    say(`${scenario.name} …`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const anika = await startAnika(env, startProfiled(folder));
    const row = await onAnika(scenario, anika, receiver).finally(anika.stop);
    const deliveries = row.deliveries + scenario.warmUp * scenario.subscribers;
    say(`\nmilliseconds for each 1,000 deliveries\n\n${await profileTables(folder, deliveries)}\n`);
  }
}

type Others = {
  readonly pulls: readonly PullRow[];
  readonly stats: readonly StatsRow[];
  readonly replays: readonly ReplayRow[];
};

/** What the bare pipeline does not have. */
async function measureOthers(
  isAsked: (name: string) => boolean,
  { env, receiver, say }: Bench,
  pids: ReadonlyMap<string, number>,
): Promise<Others> {
  const start = (settings: Record<string, string> = {}) => startAnika({ ...env, ...settings }, startApp);
  const asked = async <R>(name: string, measured: () => Promise<R[]>): Promise<R[]> => {
    if (!isAsked(name)) return [];
    say(`${name} …`);
    return measured();
  };
  // PostgreSQL is many processes, and has no part in it.
  const storePids = ['mongodb', 'redis'].flatMap((name) => pids.get(name) ?? []);
  return {
    pulls: await asked(PULLS, () => benchPulls(start, say)),
    stats: await asked(STATS, () => benchStats({ start, receiver, storePids, say })),
    replays: await asked(REPLAYS, () => benchReplays({ start, receiver, say })),
  };
}

/** `./anika bench`: each scenario on ANIKA and on the bare pipeline, on the same servers, in turn. */
export async function bench(
  options: { only: string | undefined; profile: boolean },
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
  const pids = new Map<string, number>();
  const onPid = (name: string, pid: number) => void pids.set(name, pid);
  const servers = await startHomeServers({ home, say: inEnglish(say), onPid });
  const rows: Row[] = [];
  const stored: StoredRow[] = [];
  let others: Others = { pulls: [], stats: [], replays: [] };
  const isAsked = (name: string) => name.includes(options.only ?? '');
  try {
    const env = {
      DATABASE_URL: servers.urls.databaseUrl,
      MONGODB_URL: servers.urls.mongodbUrl,
      REDIS_URL: servers.urls.redisUrl,
    };
    const receiver = await startOwn('receiver.ts', {});
    if (options.profile) {
      const asked = SCENARIOS.filter(({ name }) => isAsked(name));
      await profile(asked, { env, receiver, say }, join(home, 'profiles'));
      await receiver.stop();
      return 0;
    }
    for (const scenarios of comparable(SCENARIOS.filter(({ name }) => isAsked(name)))) {
      rows.push(...(await measureInTurn(scenarios, { env, receiver, say })));
    }
    others = await measureOthers(isAsked, { env, receiver, say }, pids);
    if (isAsked(STORED_MILLION)) {
      say(`${STORED_MILLION} …`);
      stored.push(...(await benchStoredMillion(env, { count: 1_000_000, endpoint: receiver.url, say })));
    }
    await receiver.stop();
  } finally {
    await servers.stop();
  }
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  await writeFile(
    join(home, 'result.json'),
    JSON.stringify({ at: new Date(), machine, rows, ...others, stored }, null, 2),
  );
  if (rows.length > 0) say(`\n${table(rows)}\n\n${chart(rows)}\n\n${ratios(rows)}`);
  const { pulls, stats, replays } = others;
  if (pulls.length > 0) say(`\n${pullTable(pulls)}`);
  if (stats.length > 0) say(`\n${statsTable(stats)}`);
  if (replays.length > 0) say(`\n${replayTable(replays)}`);
  if (stored.length > 0) say(`\n${storedTable(stored)}`);
  return [...rows, ...pulls, ...stats, ...replays].some((row) => row.lost > 0) ? 1 : 0;
}
