import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '@anika/testkit/free-port';

export const ROOT = resolve(import.meta.dirname, '..');

export type Running = { readonly pid: number; readonly url: string; stop(): Promise<void> };

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(late);
}

/** One of the bench's own programs; it says `ready` over its channel. */
export async function startOwn(file: string, env: Record<string, string>): Promise<Running> {
  const port = await freePort();
  const child = fork(join(ROOT, 'bench', file), {
    env: { PATH: process.env.PATH, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended`))),
  ]);
  return { pid: child.pid ?? 0, url: `http://127.0.0.1:${port}`, stop: () => stop(child) };
}

export type StartApp = (app: 'api' | 'dispatcher', env: Record<string, string>) => Promise<Running>;

/** An app of ANIKA as it is shipped, bundled. */
export const startApp: StartApp = (app, env) => start(app, [`apps/${app}/dist/main.js`], env);

/** An app from its sources, so that its profile tells of them; it is written to `folder` when the app ends. */
export function startProfiled(folder: string): StartApp {
  return (app, env) => {
    const profile = [
      '--cpu-prof',
      `--cpu-prof-dir=${folder}`,
      `--cpu-prof-name=${app}-${Date.now()}.cpuprofile`,
    ];
    return start(app, [...profile, `apps/${app}/src/main.ts`], env);
  };
}

async function start(
  app: 'api' | 'dispatcher',
  args: string[],
  env: Record<string, string>,
): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      ...env,
      [app === 'api' ? 'ANIKA_PORT' : 'ANIKA_DISPATCHER_PORT']: String(port),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries += 1) {
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.status === 200,
      () => false,
    );
    if (ready) return { pid: child.pid ?? 0, url, stop: () => stop(child) };
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${app} did not become ready`);
}

/** User and system CPU a process has used so far, in milliseconds. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of a process, in MiB. */
export function memoryMiB(pid: number): number {
  const line = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}
