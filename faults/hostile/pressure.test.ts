import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { atOnce, everySecond } from './pressure.ts';

it('everySecond() begins work without waiting for its end, and stop() waits for what was begun', async () => {
  let begun = 0;
  let ended = 0;
  const pressure = everySecond(200, async () => {
    begun += 1;
    await wait(50);
    ended += 1;
    throw new Error('refused');
  });
  while (begun < 4) await wait(5);
  expect(ended).toBeLessThan(begun);
  await pressure.stop();
  expect(ended).toBe(begun);
  expect(pressure.done()).toBe(begun);
});

it('atOnce() has so many under way and never more, until it is stopped', async () => {
  let underWay = 0;
  let most = 0;
  const pressure = atOnce(3, async () => {
    most = Math.max(most, ++underWay);
    await wait(2);
    underWay -= 1;
  });
  while (pressure.done() < 9) await wait(5);
  await pressure.stop();
  expect([most, underWay]).toEqual([3, 0]);
});
