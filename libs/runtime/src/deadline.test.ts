import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { within } from './deadline.ts';
import { Unavailable } from './unavailable.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limit = { ms: 1000, what: 'MongoDB' };

it('gives what the work gives, and leaves no timer behind', async () => {
  expect(await within(Promise.resolve(7), limit)).toBe(7);
  await expect(within(Promise.reject(new Error('broken')), limit)).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

it('is unavailable when nothing comes in time', async () => {
  const waited = within(new Promise(() => undefined), limit).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await waited).toMatchObject({
    name: 'Unavailable',
    what: 'MongoDB',
    cause: expect.objectContaining({ message: 'no answer within 1000 ms' }),
  });
  expect(await waited).toBeInstanceOf(Unavailable);
});
