import { existsSync } from 'node:fs';
import { cp, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ensureFolder, SOFTWARE } from '../home.ts';
import { probeMongodb } from '../probe.ts';
import { findProgram, runCommand } from '../run-command.ts';
import { startDocumentdb } from './documentdb.ts';
import type { LocalServer, ServerContext } from './local-server.ts';

const SOURCE = resolve(import.meta.dirname, 'ferretdb');
const GATEWAY = join(SOFTWARE, 'ferretdb', 'ferretdb');
const BUILD_TIMEOUT_MS = 600_000;

/** MongoDB's protocol by FerretDB v2, over a PostgreSQL with the DocumentDB extension. */
export async function startFerretdb(database: string, context: ServerContext): Promise<LocalServer> {
  const [postgresUrl] = await Promise.all([startDocumentdb(context), buildGateway(context.say)]);
  const state = await ensureFolder(context.home, 'mongodb', 'gateway');
  const port = await context.ports.choose('mongodb');
  const url = `mongodb://127.0.0.1:${port}/${database}`;
  await context.supervisor.keep({
    name: 'mongodb',
    command: GATEWAY,
    args: [postgresUrl, `127.0.0.1:${port}`, state],
    program: state,
    cwd: state,
    env: { ...process.env, DO_NOT_TRACK: '1' },
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    readyTimeoutMs: 60_000,
    probe: () => probeMongodb(url),
  });
  return { url };
}

async function buildGateway(say: (line: string) => void): Promise<void> {
  if (await isBuilt()) return;
  const go = findProgram('go');
  if (!go) throw new Error('Go 1.25 or newer on PATH');
  say('MongoDB: building the FerretDB gateway (once, about a minute) …');
  const build = await ensureFolder(SOFTWARE, 'ferretdb', 'build');
  await cp(SOURCE, build, { recursive: true });
  const draft = `${GATEWAY}.${process.pid}`;
  await runCommand(go, ['build', '-trimpath', '-o', draft, '.'], { cwd: build, timeoutMs: BUILD_TIMEOUT_MS });
  await rename(draft, GATEWAY);
  await rm(build, { recursive: true });
}

async function isBuilt(): Promise<boolean> {
  if (!existsSync(GATEWAY)) return false;
  const builtAt = (await stat(GATEWAY)).mtimeMs;
  const sources = await Promise.all(['main.go', 'go.mod', 'go.sum'].map((name) => stat(join(SOURCE, name))));
  return sources.every((source) => source.mtimeMs <= builtAt);
}
