import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { startTicker } from './ticker.ts';

const OPTIONS = { everyMs: 1, logger: createLogger({ name: 'test', level: 'silent' }) };

it('work that waits for somebody else is told when it is to stop', async () => {
  let began: (() => void) | undefined;
  const beginning = new Promise<void>((resolve) => {
    began = resolve;
  });
  const stop = startTicker(async (signal) => {
    began?.();
    await once(signal, 'abort');
  }, OPTIONS);
  await beginning;
  await stop();
});

it('what has time is begun after the first interval, and not at all when it is stopped before', async () => {
  let runs = 0;
  const work = async () => {
    runs += 1;
  };
  const stop = startTicker(work, { ...OPTIONS, everyMs: 60_000, first: 'later' });
  await stop();
  expect(runs).toBe(0);
  const stopSoon = startTicker(work, { ...OPTIONS, first: 'later' });
  await expect.poll(() => runs).toBeGreaterThan(0);
  await stopSoon();
});

it('work that throws is repeated', async () => {
  let runs = 0;
  const stop = startTicker(async () => {
    runs += 1;
    throw new Error('not this time');
  }, OPTIONS);
  await expect.poll(() => runs).toBeGreaterThan(2);
  await stop();
});
