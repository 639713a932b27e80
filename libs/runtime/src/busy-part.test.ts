import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createBusyPart } from './busy-part.ts';

it('tells how much of its time this process was busy since it was asked last', async () => {
  const busyPart = createBusyPart();
  const untilMs = performance.now() + 100;
  await new Promise(setImmediate);
  while (performance.now() < untilMs);
  await new Promise(setImmediate);
  expect(busyPart()).toBeGreaterThan(0.8);
  await wait(200);
  expect(busyPart()).toBeLessThan(0.5);
});
