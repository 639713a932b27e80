import { eventually } from '@anika/testkit/eventually';
import { expect, it } from 'vitest';
import { createProcessFigures } from './process-figures.ts';

it('process figures tell how long the event loop was held, and forget it with the next reading', async () => {
  const figures = createProcessFigures();
  figures.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const until = Date.now() + 200;
  while (Date.now() < until);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const busy = figures.read();
  expect(busy.eventLoopMaxMs).toBeGreaterThan(100);
  expect(busy.cpuPercent).toBeGreaterThan(20);
  expect(busy.memoryBytes).toBeGreaterThan(10_000_000);
  await eventually(() => figures.read().eventLoopMaxMs < 100);
  figures.close();
});
