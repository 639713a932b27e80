import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A pid alone may have been given to another program since; its start time and name tell. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
  /** A part of the command line that no other program has. */
  readonly program: string;
}

export function identify(pid: number, program: string): ProcessIdentity {
  return { pid, startedAt: startOf(pid) ?? '', program };
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const startedAt = startOf(identity.pid);
  return (
    startedAt !== undefined &&
    startedAt === identity.startedAt &&
    commandOf(identity.pid).includes(identity.program)
  );
}

function startOf(pid: number): string | undefined {
  if (!existsSync('/proc/self/stat')) return ask(pid, 'lstart=');
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isGone = stat === '' || afterName[0] === 'Z';
  return isGone ? undefined : afterName[19];
}

function commandOf(pid: number): string {
  if (!existsSync('/proc/self/stat')) return ask(pid, 'command=') ?? '';
  return readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function ask(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', column], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // ps says so with its exit code: there is no such process
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process ended
  }
}
