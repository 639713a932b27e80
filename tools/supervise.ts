import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ExplainedError, lastWords, reasonOf } from './explained-error.ts';
import { ensureFolder } from './home.ts';
import type { Text } from './language.ts';
import { openProcessRecord, type ProcessRecord } from './process-record.ts';

export interface ProcessPlan extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A part of the command line by which a later run recognises this process. */
  readonly program: string;
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
  /** Resolves when the process serves; rejects and is asked again while it does not, with `StillStarting` for longer. */
  readonly probe: () => Promise<void>;
  readonly readyTimeoutMs: number;
}

/** The process says that it needs longer: it is waited for as if it had just been started. */
export class StillStarting extends Error {
  readonly reason: Text;

  constructor(reason: Text) {
    super(reason.en);
    this.reason = reason;
  }
}

export interface Supervised {
  readonly name: string;
  pid(): number;
  /** Ends it, politely first, and for good. */
  stop(): Promise<void>;
}

/** Keeps processes alive: whichever dies is started again, until it is stopped. */
export interface Supervisor {
  keep(plan: ProcessPlan): Promise<Supervised>;
  /** Stops all of them, last started first. */
  stopAll(): Promise<void>;
}

export interface SupervisorOptions {
  readonly home: string;
  readonly say: (line: Text) => void;
  /** Called whenever a process has a new pid. */
  readonly onPid?: (name: string, pid: number) => void;
}

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
const STABLE_MS = 10_000;
const MAX_LOG_BYTES = 20_000_000;

export async function createSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const logs = await ensureFolder(options.home, 'logs');
  const context = { ...options, logs, record: await openProcessRecord(options.home) };
  const kept: Supervised[] = [];
  return {
    async keep(plan) {
      const supervised = superviseProcess(plan, context);
      kept.push(supervised);
      await supervised.ready;
      return supervised;
    },
    async stopAll() {
      for (const supervised of kept.splice(0).toReversed()) await supervised.stop();
    },
  };
}

interface Context extends SupervisorOptions {
  readonly logs: string;
  readonly record: ProcessRecord;
}

function superviseProcess(plan: ProcessPlan, context: Context): Supervised & { ready: Promise<void> } {
  const stopping = new AbortController();
  let child = start(plan, context);
  const ready = becomeReady(plan, child, context);
  const loop = ready.then(keepAlive, () => undefined);

  async function keepAlive(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      const dead = child;
      await ended(dead);
      if (stopping.signal.aborted) return;
      backoffMs =
        Date.now() - startedAt > STABLE_MS ? FIRST_BACKOFF_MS : Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      await wait(backoffMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      child = start(plan, context);
      context.say(againAs(plan.name, dead, child));
    }
  }

  return {
    name: plan.name,
    ready,
    pid: () => child.pid ?? 0,
    async stop() {
      stopping.abort();
      await end(child, plan);
      await loop;
    },
  };
}

function start(plan: ProcessPlan, context: Context): ChildProcess {
  const log = openLog(join(context.logs, `${plan.name}.log`));
  // A group of its own: Ctrl-C reaches the launcher alone, which then stops everything in order.
  const child = spawn(plan.command, plan.args, {
    cwd: plan.cwd,
    env: plan.env,
    uid: plan.uid,
    gid: plan.gid,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.on('error', () => undefined); // what follows from it is seen as the end of the process
  const { pid } = child;
  if (pid === undefined) return child;
  context.record.add({ name: plan.name, pid, program: plan.program, stopSignal: plan.stopSignal });
  context.onPid?.(plan.name, pid);
  child.once('exit', () => context.record.remove(pid));
  return child;
}

async function becomeReady(plan: ProcessPlan, child: ChildProcess, context: Context): Promise<void> {
  let deadline = Date.now() + plan.readyTimeoutMs;
  let isSaid = false;
  while (!hasEnded(child)) {
    try {
      return await plan.probe();
    } catch (error) {
      if (error instanceof StillStarting) {
        deadline = Date.now() + plan.readyTimeoutMs;
        if (!isSaid) context.say(error.reason);
        isSaid = true;
      } else if (Date.now() > deadline) {
        await end(child, plan);
        throw notReady(plan, error);
      }
    }
    await wait(50);
  }
  throw endedEarly(plan.name, child, join(context.logs, `${plan.name}.log`));
}

function againAs(name: string, dead: ChildProcess, child: ChildProcess): Text {
  const ending = howItEnded(dead);
  return {
    ru: `${name} (pid ${dead.pid}): процесс ${ending.ru}, запущен снова, теперь pid ${child.pid}`,
    en: `${name} (pid ${dead.pid}) ${ending.en}: started again as pid ${child.pid}`,
  };
}

function notReady({ name, readyTimeoutMs }: ProcessPlan, cause: unknown): ExplainedError {
  const within = readyTimeoutMs / 1000;
  const reason = reasonOf(cause);
  const text = {
    ru: `${name} не готов к работе через ${within} с после запуска: ${reason}`,
    en: `${name} did not become ready within ${within} s: ${reason}`,
  };
  return new ExplainedError(text, { cause });
}

function endedEarly(name: string, child: ChildProcess, log: string): ExplainedError {
  const ending = howItEnded(child);
  const said = lastWords(readFileSync(log, 'utf8'), 3);
  return new ExplainedError({
    ru: `${name}: процесс ${ending.ru} во время запуска (${log}): ${said}`,
    en: `${name} ${ending.en} while starting (${log}): ${said}`,
  });
}

async function end(child: ChildProcess, plan: ProcessPlan): Promise<void> {
  if (hasEnded(child)) return;
  const exit = ended(child);
  child.kill(plan.stopSignal);
  const cancel = new AbortController();
  const late = wait(plan.stopTimeoutMs, 'late', { signal: cancel.signal }).catch(() => undefined);
  if ((await Promise.race([exit, late])) === 'late') child.kill('SIGKILL');
  cancel.abort();
  await exit;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function ended(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit');
}

function howItEnded({ pid, signalCode, exitCode }: ChildProcess): Text {
  if (pid === undefined) return { ru: 'не запустился', en: 'could not be started' };
  if (signalCode) return { ru: `завершён сигналом ${signalCode}`, en: `was ended by ${signalCode}` };
  return { ru: `завершился с кодом ${exitCode}`, en: `ended with code ${exitCode}` };
}

function openLog(path: string): number {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) renameSync(path, `${path}.old`);
  return openSync(path, 'a', 0o600);
}
