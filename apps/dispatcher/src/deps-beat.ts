import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { VERSION } from '@anika/core/version';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createProcessFigures } from '@anika/runtime/process-figures';
import { createProcessStore } from '@anika/stores/mongo/processes';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { startTicker } from './sweep/ticker.ts';

const BEAT_MS = 10_000;

/** This process says that it is there, and how it does, as long as it lives. */
export function startBeat(
  config: DispatcherConfig,
  { mongo, clock, logger }: Infrastructure,
  lifecycle: Lifecycle,
): void {
  const processes = createProcessStore(mongo);
  const figures = createProcessFigures();
  const id = randomBytes(9).toString('base64url');
  const self = {
    id,
    program: 'dispatcher' as const,
    version: VERSION,
    host: hostname(),
    pid: process.pid,
    startedAtMs: clock.now(),
    retrySchedule: config.ANIKA_RETRY_SCHEDULE,
  };
  const beat = () => processes.report({ ...self, seenAtMs: clock.now(), ...figures.read() });
  lifecycle.onClose('report of this process', async () => {
    figures.close();
    await processes.remove(id);
  });
  lifecycle.onClose('beat', startTicker(beat, { everyMs: BEAT_MS, logger }));
}
