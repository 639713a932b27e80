import { eventually } from '@anika/testkit/eventually';
import { expect, it } from 'vitest';
import { createProcessFigures } from './process-figures.ts';

it('process figures tell how long the event loop was held, and forget it with the next reading', async () => {
  const figures = createProcessFigures();
  figures.read();
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, 50));
  // Of its own processor time: others may have the processor meanwhile.
  while (process.cpuUsage(cpu).user < 200_000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const busy = figures.read();
  const { user, system } = process.cpuUsage(cpu);
  const percent = (user + system) / 10 / (performance.now() - startedAt);
  expect(busy.eventLoopMaxMs).toBeGreaterThan(100);
  expect(busy.cpuPercent / percent).toBeGreaterThan(0.7);
  expect(busy.cpuPercent / percent).toBeLessThan(1.3);
  expect(busy.memoryBytes).toBeGreaterThan(10_000_000);
  await eventually(() => figures.read().eventLoopMaxMs < 100);
  figures.close();
});
