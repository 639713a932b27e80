import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStateReason, STATE_REASONS, stateReason } from './state-reasons.ts';

it('stateReason() says what it is about', () => {
  expect(stateReason('status', '404')).toBe('challenge was answered with status 404, expected 2xx');
  expect(stateReason('paused')).toBe('paused by its partner');
});

it('readStateReason() finds again whatever stateReason() has written', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STATE_REASONS), fc.string(), (name, what) => {
      const read = readStateReason(stateReason(name, what));
      expect(read?.name).toBe(name);
      expect(stateReason(name, read?.what)).toBe(stateReason(name, what));
    }),
  );
});

it.each(['', 'something else', 'challenge failed', 'paused by its partner.'])('%j is none', (text) => {
  expect(readStateReason(text)).toBeUndefined();
});
