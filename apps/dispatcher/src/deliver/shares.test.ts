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

  describe('of a dispatcher with too much to do', () => {
    const world = () => {
      const of = { nowMs: 0, busyPart: 0.9 };
      const shares = createShares(512, { clock: { now: () => of.nowMs }, busyPart: () => of.busyPart });
      const pass = (ms: number, companies: readonly string[]) => {
        for (const endMs = of.nowMs + ms; of.nowMs < endMs; of.nowMs += 100) {
          for (const id of companies) shares.seen(id as PartnerId, 'par_owner' as PartnerId);
          shares.ofCompany();
        }
      };
      const use = (places: number) => {
        for (let place = 0; place < places; place += 1)
          void shares.during(() => new Promise(() => undefined));
      };
      return { of, shares, pass, use };
    };

    it('are smaller while several companies have work, and grow again after it', () => {
      const { of, shares, pass } = world();
      pass(2000, ['par_alone']);
      expect(shares.ofCompany()).toEqual({ share: 128, spare: 0 });
      pass(200, ['par_alone', 'par_other']);
      expect(shares.ofCompany()).toEqual({ share: 16, spare: 0 });
      of.busyPart = 0.5;
      pass(1000, ['par_alone', 'par_other']);
      expect(shares.ofCompany()).toMatchObject({ spare: 0 });
      pass(500, ['par_alone', 'par_other']);
      expect(shares.ofCompany().share).toBe(128);
    });

    it('tell whether messages of several companies are delivered, whoever reads them', () => {
      const { of, shares, pass } = world();
      pass(500, ['par_alone', 'par_other']);
      expect(shares.isOfSeveral()).toBe(false);
      shares.seen('par_alone' as PartnerId, 'par_another_owner' as PartnerId);
      expect(shares.isOfSeveral()).toBe(true);
      of.nowMs += 1000;
      expect(shares.isOfSeveral()).toBe(false);
    });

    it('leave nothing to spare, and after it a few more at a time', () => {
      const { of, shares, pass } = world();
      pass(100, ['par_alone']);
      of.busyPart = 0.1;
      pass(400, ['par_alone']);
      const { spare } = shares.ofCompany();
      expect(spare).toBeGreaterThan(0);
      expect(spare).toBeLessThan(64);
      pass(4000, ['par_alone']);
      expect(shares.ofCompany()).toEqual({ share: 128, spare: 256 });
    });
  });
});
