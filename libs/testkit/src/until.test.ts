import { expect, it } from 'vitest';
import { until } from './until.ts';

it('until() resolves when that time is over', async () => {
  const atMs = Date.now() + 40;
  await until(atMs);
  expect(Date.now()).toBeGreaterThan(atMs);
});

it('until() resolves at once where it is over already', async () => {
  const order: string[] = [];
  const over = until(Date.now() - 1).then(() => order.push('over'));
  setImmediate(() => order.push('next turn'));
  await over;
  expect(order).toEqual(['over']);
});
