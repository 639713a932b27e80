import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import type { TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { settingsFor } from '../../apps/api/src/testing/test-client.ts';

/** Whatever is left when a test file ends, because it failed while it started or stopped something, ends with it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const ROOT = resolve(import.meta.dirname, '../..');

/** What Node made of the sources is kept by the program that ends and read by the one that starts next: half the start. */
const COMPILE_CACHE = resolve(ROOT, '.anika', 'software', 'compile-cache');

/** One process of ANIKA, as it runs in production but from its source. */
export type Program = {
  readonly url: string;
  readonly pid: number;
  /** SIGTERM, and waits for the end; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits until it is gone: until then it may still send, write and hold its port. */
  kill(): Promise<void>;
  /** What it wrote to standard output and error. */
  output(): string;
};

export type ProgramOptions = {
  readonly databases: TestDatabases;
  readonly settings?: Readonly<Record<string, string>>;
  /** Default `source`; `bundle` is what the image runs, made by `npm run build`. */
  readonly from?: 'source' | 'bundle';
  /** Default: a free one. */
  readonly port?: number;
  /** A command that becomes the program whose path and arguments follow it; default none. */
  readonly under?: readonly string[];
};

/** Enough where much else is going on: what is tested is not how fast a program starts. */
const START_MS = 120_000;

/** Starts `apps/api` or `apps/dispatcher` on a free port and waits until it is alive. */
export async function startProgram(app: 'api' | 'dispatcher', options: ProgramOptions): Promise<Program> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const script = options.from === 'bundle' ? `apps/${app}/dist/main.js` : `apps/${app}/src/main.ts`;
  const [command = process.execPath, ...args] = [...(options.under ?? []), process.execPath, script];
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...settingsFor(options.databases),
      ANIKA_HOST: '127.0.0.1',
      [app === 'api' ? 'ANIKA_PORT' : 'ANIKA_DISPATCHER_PORT']: String(port),
      ...options.settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = await exit;
    return code;
  }
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-200_000);
    });
  }
  try {
    await eventually(() => alive(url, child, () => output), { timeoutMs: START_MS, everyMs: 50 });
  } catch (error) {
    child.kill('SIGKILL'); // nobody has it, who could stop it
    throw error;
  }
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** Starts a program that is expected to refuse, or a command of it, and waits for its end. */
export async function runToEnd(
  app: 'api' | 'dispatcher',
  { databases, settings, command }: Omit<ProgramOptions, 'from' | 'port'> & { readonly command?: string },
): Promise<{ code: number | null; output: string }> {
  const args = [`apps/${app}/src/main.ts`, ...(command === undefined ? [] : [command])];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...settingsFor(databases),
      ANIKA_HOST: '127.0.0.1',
      ANIKA_PORT: '0',
      ANIKA_DISPATCHER_PORT: '0',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  }
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const [code] = await once(child, 'close');
  clearTimeout(late);
  return { code, output: chunks.join('') };
}

export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}

async function alive(url: string, child: ChildProcess, output: () => string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`the process ended with code ${child.exitCode}: ${output()}`);
  if ((await fetch(`${url}/healthz`)).status !== 200) return false;
  // A store may be away for what is tested; what needs its indexes is refused until they are made.
  const { missing = [] } = (await (await fetch(`${url}/readyz`)).json()) as { missing?: string[] };
  return !missing.includes('indexes');
}
