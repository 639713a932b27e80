import { describe, expect, it } from 'vitest';
import { createShares } from './shares.ts';

describe('createShares()', () => {
  it('gives a company any number of places while half of them are to spare, and then a quarter', async () => {
    const shares = createShares(8);
    let end = () => {};
    const gate = new Promise<void>((resolve) => {
      end = resolve;
    });
    const begin = () => shares.during(() => gate);
    expect(shares.ofCompany()).toBe(0);
    const work = Array.from({ length: 4 }, begin);
    expect(shares.ofCompany()).toBe(0);
    work.push(begin());
    expect(shares.ofCompany()).toBe(2);
    end();
    await Promise.all(work);
    expect(shares.ofCompany()).toBe(0);
  });

  it('counts work that failed as ended, and never leaves a company without a place', async () => {
    const shares = createShares(1);
    await expect(shares.during(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(shares.ofCompany()).toBe(0);
    const seen = await shares.during(async () => shares.ofCompany());
    expect(seen).toBe(1);
  });
});
