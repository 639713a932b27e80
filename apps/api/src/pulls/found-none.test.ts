import type { SubscriptionId } from '@anika/core/ids';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFoundNone, type FoundNone } from './found-none.ts';

const [ID, OTHER] = ['sub_1', 'sub_2'] as SubscriptionId[] as [SubscriptionId, SubscriptionId];
let nowMs: number;
let none: FoundNone;

beforeEach(() => {
  nowMs = 1000;
  none = createFoundNone({ now: () => nowMs });
});

describe('createFoundNone()', () => {
  it('believes a look up to the time at which it has looked', () => {
    const foundNone = none.look(ID, nowMs + 100);
    expect(none.isSo(ID)).toBe(false);
    nowMs += 40;
    foundNone();
    nowMs += 59;
    expect(none.isSo(ID)).toBe(true);
    expect(none.isSo(OTHER)).toBe(false);
    nowMs += 1;
    expect(none.isSo(ID)).toBe(false);
  });

  it('goes on believing the look before while the next one is under way', () => {
    none.look(ID, nowMs + 100)();
    nowMs += 50;
    const again = none.look(ID, nowMs + 100);
    expect(none.isSo(ID)).toBe(true);
    again();
    nowMs += 99;
    expect(none.isSo(ID)).toBe(true);
  });

  it('believes nothing more once somebody is woken', () => {
    none.look(ID, nowMs + 100)();
    none.forget([OTHER]);
    expect(none.isSo(ID)).toBe(true);
    none.forget([OTHER, ID]);
    expect(none.isSo(ID)).toBe(false);
  });

  it('does not believe a look during which somebody was woken, nor one that another has overtaken', () => {
    const early = none.look(ID, nowMs + 100);
    none.forget([ID]);
    early();
    expect(none.isSo(ID)).toBe(false);
    const overtaken = none.look(ID, nowMs + 100);
    none.look(ID, nowMs + 100);
    overtaken();
    expect(none.isSo(ID)).toBe(false);
  });
});
