import { readdirSync, readFileSync } from 'node:fs';

export type ProcessFigures = { readonly memoryMiB: number; readonly descriptors: number };

/** Resident memory and open descriptors of a process; undefined when it is gone. */
export function figuresOf(pid: number): ProcessFigures | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const memoryKiB = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    return { memoryMiB: Math.round(memoryKiB / 1024), descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}
