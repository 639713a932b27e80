import { monitorEventLoopDelay } from 'node:perf_hooks';

export type ProcessFigures = {
  /** How late the event loop was since the last reading, in milliseconds. */
  readonly eventLoopP99Ms: number;
  readonly eventLoopMaxMs: number;
  /** Of one processor, since the last reading. */
  readonly cpuPercent: number;
  /** Resident. */
  readonly memoryBytes: number;
};

const RESOLUTION_MS = 20;

/** What this process is doing, from one reading to the next. */
export function createProcessFigures(): { read(): ProcessFigures; close(): void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let cpu = process.cpuUsage();
  let atNs = process.hrtime.bigint();
  /** The timer's own interval is part of what is measured. */
  const lateMs = (ns: number) => Math.max(0, Math.round(ns / 1e5) / 10 - RESOLUTION_MS);
  return {
    read() {
      const [used, nowNs] = [process.cpuUsage(cpu), process.hrtime.bigint()];
      const elapsedUs = Math.max(1, Number(nowNs - atNs) / 1000);
      const figures = {
        eventLoopP99Ms: delay.count === 0 ? 0 : lateMs(delay.percentile(99)),
        eventLoopMaxMs: delay.count === 0 ? 0 : lateMs(delay.max),
        cpuPercent: Math.round(((used.user + used.system) / elapsedUs) * 1000) / 10,
        memoryBytes: process.memoryUsage.rss(),
      };
      delay.reset();
      cpu = process.cpuUsage();
      atNs = nowNs;
      return figures;
    },
    close: () => void delay.disable(),
  };
}
