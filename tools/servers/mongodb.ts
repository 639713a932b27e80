import { ExplainedError, reasonOf } from '../explained-error.ts';
import { ensureFolder } from '../home.ts';
import { probeMongodb } from '../probe.ts';
import { findProgram } from '../run-command.ts';
import { startFerretdb } from './ferretdb.ts';
import type { LocalServer, ServerContext } from './local-server.ts';
import { downloadMongod } from './mongod-download.ts';

const DATABASE = 'anika';

/** `$MONGODB_URL`, else `mongod` from PATH, else MongoDB's own download, else FerretDB over DocumentDB. */
export async function startMongodb(context: ServerContext): Promise<LocalServer> {
  const given = process.env.MONGODB_URL;
  if (given) return useGiven(given);

  const onPath = findProgram('mongod');
  if (onPath) return startMongod(onPath, context);
  const download = await downloadMongod(context.say);
  if (typeof download === 'string') return startMongod(download, context);
  try {
    return await startFerretdb(DATABASE, context);
  } catch (error) {
    throw new ExplainedError(
      'MongoDB: none can be had here. Set MONGODB_URL to a server, or install mongod (7.0 or newer) on PATH, ' +
        `or let this machine reach ${download.host}, or let it build FerretDB, for which this is missing: ${reasonOf(error)}.`,
    );
  }
}

async function useGiven(url: string): Promise<LocalServer> {
  try {
    await probeMongodb(url);
  } catch (error) {
    throw new ExplainedError(`MongoDB at MONGODB_URL does not answer: ${reasonOf(error)}.`);
  }
  return { url };
}

async function startMongod(program: string, context: ServerContext): Promise<LocalServer> {
  const data = await ensureFolder(context.home, 'mongodb', 'data');
  const port = await context.ports.choose('mongodb');
  const url = `mongodb://127.0.0.1:${port}/${DATABASE}`;
  await context.supervisor.keep({
    name: 'mongodb',
    command: program,
    args: [
      '--dbpath',
      data,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
      '--wiredTigerCacheSizeGB',
      '1',
    ],
    program: data,
    cwd: data,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 15_000,
    readyTimeoutMs: 60_000,
    probe: () => probeMongodb(url),
  });
  return { url };
}
