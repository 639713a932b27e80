import type { PartnerId } from '@anika/core/ids';
import { describe, expect, it } from 'vitest';
import { createShares } from './shares.ts';

describe('createShares()', () => {
  it('gives a company a quarter of the places, and beyond it what half of them leave to spare', async () => {
    const shares = createShares(8, { clock: { now: () => 0 }, busyPart: () => 0 });
    let end = () => {};
    const gate = new Promise<void>((resolve) => {
      end = resolve;
    });
    const begin = () => shares.during(() => gate);
    expect(shares.ofCompany()).toEqual({ share: 2, spare: 4 });
    const work = Array.from({ length: 3 }, begin);
    expect(shares.ofCompany()).toEqual({ share: 2, spare: 1 });
    work.push(begin(), begin());
    expect(shares.ofCompany()).toEqual({ share: 2, spare: 0 });
    end();
    await Promise.all(work);
    expect(shares.ofCompany()).toEqual({ share: 2, spare: 4 });
  });

  it('counts work that failed as ended, and never leaves a company without a place', async () => {
    const shares = createShares(2, { clock: { now: () => 0 }, busyPart: () => 0 });
    await expect(shares.during(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(shares.ofCompany()).toEqual({ share: 1, spare: 1 });
    expect(await shares.during(async () => shares.ofCompany())).toEqual({ share: 1, spare: 0 });
  });

  it('has nothing to spare of what was just given to those that waited, until they have begun', () => {
    let nowMs = 0;
    const shares = createShares(8, { clock: { now: () => nowMs }, busyPart: () => 0 });
    shares.called(3);
    nowMs = 500;
    shares.called(5);
    expect(shares.ofCompany().spare).toBe(0);
    nowMs = 1200;
    expect(shares.ofCompany().spare).toBe(0);
    nowMs = 1500;
    expect(shares.ofCompany().spare).toBe(4);
  });

  it('makes shares smaller while there is too much to do for several companies, and larger again after it', () => {
    let nowMs = 0;
    let busyPart = 0.9;
    const shares = createShares(512, { clock: { now: () => nowMs }, busyPart: () => busyPart });
    const pass = (ms: number, companies: readonly string[]) => {
      for (const endMs = nowMs + ms; nowMs < endMs; nowMs += 100) {
        for (const id of companies) shares.seen(id as PartnerId);
        shares.ofCompany();
      }
    };
    pass(2000, ['par_alone']);
    expect(shares.ofCompany()).toEqual({ share: 128, spare: 256 });
    pass(2000, ['par_alone', 'par_other']);
    expect(shares.ofCompany()).toEqual({ share: 16, spare: 0 });
    busyPart = 0.5;
    pass(1000, ['par_alone', 'par_other']);
    expect(shares.ofCompany()).toMatchObject({ spare: 0 });
    pass(1000, ['par_alone', 'par_other']);
    expect(shares.ofCompany()).toEqual({ share: 128, spare: 256 });
  });
});
