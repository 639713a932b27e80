import { describe, expect, it } from 'vitest';
import { SUBSCRIPTION_STATES, type SubscriptionState } from '../subscription.ts';
import { type Situation, type SubscriptionInput, transition } from './transition.ts';

const URL_NOW = 'https://bank.example/hook';

function situation(state: SubscriptionState, more: Partial<Situation> = {}): Situation {
  return { state, url: URL_NOW, endpointVerified: true, failingSinceMs: undefined, ...more };
}

const answered = (during: 'verify' | 'resume', url = URL_NOW) => ({ kind: 'answered', url, during }) as const;
const unanswered = (during: 'verify' | 'resume', url = URL_NOW) =>
  ({ kind: 'unanswered', url, reason: 'no', during }) as const;
const disable = { kind: 'disable', reason: '410' } as const;

/** What becomes of a verified subscription, in the order of the states. */
const TABLE: readonly [SubscriptionInput, Record<SubscriptionState, string>][] = [
  [answered('verify'), { pending: 'active', active: 'active', paused: 'stays', disabled: 'active' }],
  [answered('resume'), { pending: 'stays', active: 'stays', paused: 'active', disabled: 'active' }],
  [
    answered('verify', 'https://b.example/'),
    { pending: 'stays', active: 'stays', paused: 'stays', disabled: 'stays' },
  ],
  [unanswered('verify'), { pending: 'pending', active: 'pending', paused: 'stays', disabled: 'pending' }],
  [
    unanswered('verify', 'https://b.example/'),
    { pending: 'stays', active: 'stays', paused: 'stays', disabled: 'stays' },
  ],
  [unanswered('resume'), { pending: 'stays', active: 'stays', paused: 'pending', disabled: 'pending' }],
  [{ kind: 'pause' }, { pending: 'paused', active: 'paused', paused: 'refused', disabled: 'refused' }],
  [{ kind: 'resume' }, { pending: 'refused', active: 'refused', paused: 'active', disabled: 'active' }],
  [
    { kind: 'move', url: 'https://b.example/' },
    { pending: 'pending', active: 'pending', paused: 'stays', disabled: 'pending' },
  ],
  [
    { kind: 'move', url: URL_NOW },
    { pending: 'stays', active: 'stays', paused: 'stays', disabled: 'stays' },
  ],
  [disable, { pending: 'stays', active: 'disabled', paused: 'stays', disabled: 'stays' }],
];

describe('transition()', () => {
  it.each(TABLE)('%j', (input, expected) => {
    const became = SUBSCRIPTION_STATES.map((state) => {
      const to = transition(situation(state), input);
      return [state, to.kind === 'to' ? to.state : to.kind];
    });
    expect(Object.fromEntries(became)).toEqual(expected);
  });

  it('makes nothing active but with an address that has answered', () => {
    for (const state of SUBSCRIPTION_STATES) {
      for (const [input] of TABLE) {
        const to = transition(situation(state, { endpointVerified: false }), input);
        if (to.kind === 'to' && to.state === 'active') expect(to.verifiedUrl).toBe(URL_NOW);
      }
    }
    expect(transition(situation('paused', { endpointVerified: false }), { kind: 'resume' })).toEqual({
      kind: 'challenge-first',
    });
  });

  it('gives a reason wherever it is not active, and none where it is', () => {
    for (const state of SUBSCRIPTION_STATES) {
      for (const [input] of TABLE) {
        const to = transition(situation(state), input);
        if (to.kind === 'to') expect(to.reason === undefined).toBe(to.state === 'active');
      }
    }
  });

  it.each([
    [undefined, 'stays'],
    [1000, 'stays'],
    [999, 'to'],
  ])('disables for failing since %s, if that is before the limit', (failingSinceMs, kind) => {
    const input = { ...disable, onlyIfFailingBeforeMs: 1000 };
    expect(transition(situation('active', { failingSinceMs }), input).kind).toBe(kind);
  });
});
