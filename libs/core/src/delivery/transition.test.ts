import { describe, expect, it } from 'vitest';
import { type Attempt, DELIVERY_STATES, type DeliveryState, type StatusIn } from './delivery.ts';
import { type DeliveryReason, REASONS, stateOf } from './reasons.ts';
import { type DeliveryInput, type FoundState, type Situation, transition } from './transition.ts';

const ACCEPTED_MS = 1000;
const NOW_MS = 9000;

const STATUS: { readonly [State in DeliveryState]: StatusIn<State> } = {
  pending: { state: 'pending', nextAttemptAtMs: 1005 },
  retrying: { state: 'retrying', nextAttemptAtMs: 5000 },
  delivered: { state: 'delivered', finishedAtMs: 2000 },
  dead: { state: 'dead', reason: 'attempts-exhausted', finishedAtMs: 2000 },
  cancelled: { state: 'cancelled', reason: 'grant-revoked', finishedAtMs: 2000 },
  held: { state: 'held', reason: 'subscription-paused' },
};

function situation(state: DeliveryState, more: { generation?: number; attemptCount?: number } = {}) {
  return { acceptedAtMs: ACCEPTED_MS, generation: 1, attemptCount: 1, ...STATUS[state], ...more };
}

function attempt(n: number): Attempt {
  const none = { errorClass: undefined, errorMessage: undefined, responseStart: undefined };
  return { n, atMs: NOW_MS, durationMs: 1, status: 500, ...none, bodyHash: 'aa', signature: 'v1,x' };
}

function found(state: FoundState, more: { generation?: number; attempt?: Attempt } = {}): DeliveryInput {
  return { kind: 'found', record: { generation: 1, ...STATUS[state], ...more } };
}

/** What becomes of a delivery, in the order of the states: it comes into this state, or stays. */
const TABLE: readonly [DeliveryInput, Record<DeliveryState, DeliveryState | '-'>][] = [
  [
    found('delivered', { attempt: attempt(2) }),
    {
      pending: 'delivered',
      retrying: 'delivered',
      delivered: '-',
      dead: '-',
      cancelled: 'delivered',
      held: 'delivered',
    },
  ],
  ...(['retrying', 'dead', 'cancelled', 'held'] as const).map(
    (state): [DeliveryInput, Record<DeliveryState, DeliveryState | '-'>] => [
      found(state),
      { pending: state, retrying: state, delivered: '-', dead: '-', cancelled: '-', held: '-' },
    ],
  ),
  [
    { kind: 'release' },
    { pending: '-', retrying: '-', delivered: '-', dead: '-', cancelled: '-', held: 'pending' },
  ],
  [
    { kind: 'cancel', reason: 'topic-deleted', atMs: NOW_MS },
    {
      pending: 'cancelled',
      retrying: 'cancelled',
      delivered: '-',
      dead: '-',
      cancelled: '-',
      held: 'cancelled',
    },
  ],
  [
    { kind: 'redrive' },
    { pending: '-', retrying: '-', delivered: '-', dead: 'pending', cancelled: '-', held: '-' },
  ],
  [
    { kind: 'restore' },
    { pending: '-', retrying: '-', delivered: '-', dead: '-', cancelled: 'pending', held: '-' },
  ],
  [
    { kind: 'replay-missing' },
    { pending: '-', retrying: '-', delivered: '-', dead: 'pending', cancelled: 'pending', held: '-' },
  ],
  [
    { kind: 'replay-all' },
    { pending: '-', retrying: '-', delivered: 'pending', dead: 'pending', cancelled: 'pending', held: '-' },
  ],
  [
    { kind: 'replay-failed' },
    { pending: '-', retrying: 'pending', delivered: '-', dead: 'pending', cancelled: '-', held: '-' },
  ],
  [
    { kind: 'retry', atMs: NOW_MS },
    { pending: 'pending', retrying: 'pending', delivered: '-', dead: 'pending', cancelled: '-', held: '-' },
  ],
  [
    { kind: 'resend', atMs: NOW_MS },
    { pending: '-', retrying: '-', delivered: 'pending', dead: '-', cancelled: '-', held: '-' },
  ],
];

const NAMED = TABLE.map(([input, expected]) => {
  const name = input.kind === 'found' ? `a dispatcher found ${input.record.state}` : input.kind;
  return [name, input, expected] as const;
});

describe('transition()', () => {
  it.each(NAMED)('%s', (_name, input, expected) => {
    const became = DELIVERY_STATES.map((state) => [state, transition(situation(state), input)?.state ?? '-']);
    expect(Object.fromEntries(became)).toEqual(expected);
  });

  it.each(NAMED)('%s gives a state its own data and no other', (_name, input) => {
    for (const state of DELIVERY_STATES) {
      const after = transition(situation(state), input);
      if (after === undefined) continue;
      const { generation, attemptCount, ...status } = after;
      expect(Object.keys(status).sort()).toEqual(Object.keys(STATUS[after.state]).sort());
    }
  });

  it.each<[string, DeliveryInput]>([
    ['of a generation before', found('delivered', { generation: 1, attempt: attempt(2) })],
    ['of an attempt that is on record', found('dead', { generation: 2, attempt: attempt(1) })],
    ['of an attempt that leaves one out', found('retrying', { generation: 2, attempt: attempt(3) })],
  ])('a record %s changes nothing', (_, input) => {
    expect(transition(situation('retrying', { generation: 2 }), input)).toBeUndefined();
  });

  it('counts the attempt that a record brings', () => {
    const after = transition(situation('pending'), found('retrying', { attempt: attempt(2) }));
    expect(after).toMatchObject({ generation: 1, attemptCount: 2 });
    expect(transition(situation('pending'), found('held'))).toMatchObject({ attemptCount: 1 });
  });

  it.each<[DeliveryInput, Situation]>([
    [{ kind: 'release' }, { generation: 1, attemptCount: 1, state: 'pending', nextAttemptAtMs: ACCEPTED_MS }],
    [{ kind: 'redrive' }, { generation: 2, attemptCount: 0, state: 'pending', nextAttemptAtMs: ACCEPTED_MS }],
    [{ kind: 'restore' }, { generation: 2, attemptCount: 0, state: 'pending', nextAttemptAtMs: ACCEPTED_MS }],
    ...(['replay-missing', 'replay-all', 'replay-failed'] as const).map(
      (kind): [DeliveryInput, Situation] => [
        { kind },
        { generation: 2, attemptCount: 0, state: 'pending', nextAttemptAtMs: ACCEPTED_MS },
      ],
    ),
    [
      { kind: 'retry', atMs: NOW_MS },
      { generation: 2, attemptCount: 0, state: 'pending', nextAttemptAtMs: NOW_MS },
    ],
    [
      { kind: 'resend', atMs: NOW_MS },
      { generation: 2, attemptCount: 0, state: 'pending', nextAttemptAtMs: NOW_MS },
    ],
  ])('%j: when it is due, and in which generation', (input, expected) => {
    const after = DELIVERY_STATES.map((state) => transition(situation(state), input));
    for (const each of after) if (each !== undefined) expect(each).toEqual(expected);
  });

  it.each(REASONS.cancelled)('gives back what was cancelled as %s only where a grant ended', (reason) => {
    const before = { acceptedAtMs: ACCEPTED_MS, generation: 1, attemptCount: 1, ...STATUS.cancelled, reason };
    expect(transition(before, { kind: 'restore' }) !== undefined).toBe(reason.startsWith('grant-'));
  });

  it('has a way out of every state', () => {
    const stuck = DELIVERY_STATES.filter((state) =>
      TABLE.every(([input]) => transition(situation(state), input) === undefined),
    );
    expect(stuck).toEqual([]);
  });
});

describe('stateOf()', () => {
  it('knows one state for each reason', () => {
    const all: readonly DeliveryReason[] = [...REASONS.dead, ...REASONS.cancelled, ...REASONS.held];
    expect(new Set(all).size).toBe(all.length);
    for (const state of ['dead', 'cancelled', 'held'] as const) {
      for (const reason of REASONS[state]) expect(stateOf(reason)).toBe(state);
    }
  });
});
