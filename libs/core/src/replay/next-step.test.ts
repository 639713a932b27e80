import { describe, expect, it } from 'vitest';
import type { Grant } from '../access.ts';
import type { PartnerId } from '../ids.ts';
import type { Target } from '../route.ts';
import type { SubscriptionState } from '../subscription.ts';
import { nextStep } from './next-step.ts';
import type { Replay, ReplayStatus } from './replay.ts';

const OWNER = 'par_0000000000000001' as PartnerId;
const READER = 'par_0000000000000002' as PartnerId;
const NOW_MS = 10_000_000;
const NONE = { pending: 0, retrying: 0, held: 0, dead: 0 };
const GRANT: Partial<Grant> = {};

type Changes = {
  readonly state?: SubscriptionState;
  readonly partnerId?: PartnerId;
  readonly topic?: Partial<Target['topic']>;
  readonly readerActive?: boolean;
  readonly grant?: Partial<Grant> | undefined;
};

function target(changes: Changes = {}): Target {
  const { state = 'active', partnerId = READER, topic, readerActive = true } = changes;
  return {
    subscription: { state, partnerId },
    topic: { ownerId: OWNER, deleted: false, ownerActive: true, ...topic },
    readerActive,
    grant: 'grant' in changes ? changes.grant : GRANT,
  } as Target;
}

type More = Partial<Pick<Replay, 'perSecond' | 'matched' | 'isRead' | 'toMs' | 'endedAtMs'>>;

function replay(status: ReplayStatus = { state: 'running' }, more: More = {}): Replay {
  const times = { toMs: NOW_MS - 5000, createdAtMs: NOW_MS - 1000 };
  return { perSecond: 100, matched: 0, isRead: false, ...times, ...more, ...status } as Replay;
}

const step = (
  of: Replay,
  more: { counts?: Partial<typeof NONE>; target?: Target | undefined; nowMs?: number } = {},
) =>
  nextStep(of, {
    target: 'target' in more ? more.target : target(),
    counts: { ...NONE, ...more.counts },
    nowMs: more.nowMs ?? NOW_MS,
    atOnce: 500,
  });

const stopped = (reason: string) => ({ kind: 'become', status: { state: 'stopped', reason } });
const paused = (reason: string) => ({ kind: 'become', status: { state: 'paused', reason } });
const FAILING: ReplayStatus = { state: 'paused', reason: 'endpoint-failing' };
const ASKED: ReplayStatus = { state: 'paused', reason: 'asked' };

describe('nextStep()', () => {
  it.each([
    [1000, 250],
    [100, 25],
    [5, 2],
    [1, 1],
  ])('at %i a second starts at most %i at once', (perSecond, max) => {
    expect(step(replay(undefined, { perSecond }))).toMatchObject({ kind: 'read', max });
  });

  it('starts no more than its endpoint takes', () => {
    const fast = replay(undefined, { perSecond: 1000 });
    expect(step(fast, { counts: { pending: 480 } })).toMatchObject({ kind: 'read', max: 20 });
    expect(step(fast, { counts: { pending: 480, held: 20 } })).toMatchObject({ kind: 'wait' });
  });

  it.each<[string, Target | undefined]>([
    ['subscription-deleted', undefined],
    ['subscription-deleted', target({ topic: { deleted: true } })],
    ['partner-suspended', target({ readerActive: false })],
    ['partner-suspended', target({ topic: { ownerActive: false } })],
    ['grant-revoked', target({ grant: undefined })],
    ['grant-revoked', target({ grant: { revokedAtMs: NOW_MS - 1 } })],
    ['grant-expired', target({ grant: { expiresAtMs: NOW_MS } })],
  ])('stops for good: %s', (reason, of) => {
    for (const status of [{ state: 'running' }, FAILING, ASKED] as const) {
      expect(step(replay(status), { target: of })).toEqual(stopped(reason));
    }
  });

  it('needs no grant on a topic of its own company', () => {
    const own = target({ partnerId: OWNER, grant: undefined });
    expect(step(replay(), { target: own })).toMatchObject({ kind: 'read' });
  });

  it.each([
    ['paused', 'subscription-paused'],
    ['disabled', 'subscription-disabled'],
    ['pending', 'subscription-unverified'],
  ] as const)('waits while its subscription is %s, and goes on by itself', (state, reason) => {
    const of = target({ state });
    expect(step(replay(), { target: of })).toEqual(paused(reason));
    const waiting = replay({ state: 'paused', reason });
    expect(step(waiting, { target: of })).toMatchObject({ kind: 'wait' });
    expect(step(waiting)).toEqual({ kind: 'become', status: { state: 'running' } });
  });

  it('is paused when a part of what it has found has failed, and goes on when half of them have arrived', () => {
    const found = (status?: ReplayStatus) => replay(status, { matched: 100 });
    expect(step(found(), { counts: { retrying: 50, dead: 9 } })).toMatchObject({ kind: 'read' });
    expect(step(found(), { counts: { retrying: 50, dead: 10 } })).toEqual(paused('endpoint-failing'));
    expect(step(found(FAILING), { counts: { dead: 30 } })).toMatchObject({ kind: 'wait' });
    expect(step(found(FAILING), { counts: { dead: 29 } })).toMatchObject({ kind: 'become' });
  });

  it('is paused by few failures where nothing has arrived for ten seconds, and goes on when something does', () => {
    const since = (failingSinceMs: number | undefined) => {
      const of = target();
      return { ...of, subscription: { ...of.subscription, failingSinceMs } };
    };
    const [silent, lately] = [since(NOW_MS - 10_000), since(NOW_MS - 9999)];
    expect(step(replay(), { target: silent, counts: { retrying: 10 } })).toEqual(paused('endpoint-failing'));
    expect(step(replay(), { target: silent, counts: { retrying: 9 } })).toMatchObject({ kind: 'read' });
    expect(step(replay(), { target: lately, counts: { retrying: 10 } })).toMatchObject({ kind: 'read' });
    expect(step(replay(FAILING), { target: silent, counts: { retrying: 10 } })).toMatchObject({
      kind: 'wait',
    });
    const heard = { target: since(undefined), counts: { retrying: 10 } };
    expect(step(replay(FAILING), heard)).toMatchObject({ kind: 'become' });
  });

  it('waits for whoever has paused it', () => {
    expect(step(replay(ASKED))).toMatchObject({ kind: 'wait' });
  });

  it('ends when everything was read and nothing is under way', () => {
    const read = replay(undefined, { isRead: true });
    expect(step(read, { counts: { retrying: 1, dead: 400 } })).toMatchObject({ kind: 'wait' });
    expect(step(read, { counts: { dead: 400 } })).toEqual({ kind: 'settle' });
    expect(step(replay(ASKED, { isRead: true }))).toEqual({ kind: 'settle' });
  });

  it('keeps what has become of one that was stopped, once that is known', () => {
    const over = replay({ state: 'stopped', reason: 'grant-revoked' }, { endedAtMs: NOW_MS });
    const revoked = target({ grant: undefined });
    // The answer to a request that was under way then may still come.
    expect(step(over, { target: revoked, nowMs: NOW_MS + 19_999 })).toMatchObject({ kind: 'wait' });
    const later = { target: revoked, nowMs: NOW_MS + 20_000 };
    expect(step(over, { ...later, counts: { held: 1 } })).toMatchObject({ kind: 'wait' });
    expect(step(over, later)).toEqual({ kind: 'settle' });
  });

  it('reads no nearer to the present than messages are stored where its time ends in the future', () => {
    const past = step(replay());
    expect(past).toMatchObject({ untilMs: NOW_MS - 5000, isLast: true });
    const until = replay(undefined, { toMs: NOW_MS + 3000 });
    expect(step(until)).toMatchObject({ untilMs: NOW_MS - 2500, isLast: false });
    const later = step(until, { nowMs: NOW_MS + 5500 });
    expect(later).toMatchObject({ untilMs: NOW_MS + 3000, isLast: true });
  });
});
