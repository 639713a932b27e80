import { performance } from 'node:perf_hooks';

/** With more of its time in use than this, a process has none for more: work that waits only takes longer. */
export const BUSY_PART = 0.8;

/** The part of its time, 0 to 1, that this process's event loop had work, since it was asked last. */
export function createBusyPart(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
