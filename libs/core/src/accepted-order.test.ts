import { describe, expect, it } from 'vitest';
import { createAcceptedOrder, orderedAtMs } from './accepted-order.ts';

describe('createAcceptedOrder()', () => {
  it('counts within a millisecond and begins again with the next', () => {
    const order = createAcceptedOrder();
    expect([5, 5, 5, 6, 7, 7].map(order)).toEqual([0, 1, 2, 0, 0, 1]);
  });

  it('keeps each place of a millisecond apart from its neighbours, at today’s times', () => {
    const order = createAcceptedOrder();
    const nowMs = Date.UTC(2100, 0, 1);
    const places = Array.from({ length: 1024 }, () => orderedAtMs(nowMs, order(nowMs)));
    expect(new Set(places).size).toBe(1024);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(places.every((place) => nowMs <= place && place < nowMs + 1)).toBe(true);
    // Beyond it they are alike.
    expect(order(nowMs)).toBe(1023);
  });
});
