import { describe, expect, it } from 'vitest';
import type { Grant } from '../access.ts';
import { judgeDelivery } from '../delivery/judge-delivery.ts';
import { writeExact } from '../exact-json.ts';
import { parseFieldMask } from '../field-mask.ts';
import { parseFilter } from '../filter.ts';
import type { PartnerId, TopicId } from '../ids.ts';
import type { Message } from '../message.ts';
import type { Route, Target } from '../route.ts';
import type { Subscription } from '../subscription.ts';
import { refusalOf } from './authorise.ts';
import { explain } from './explain.ts';
import { compileRoute, isMatch, partyOf } from './matching.ts';
import { compileGrant, compileWants, RULE_NAMES, RULES } from './rules.ts';

const OWNER = 'par_0000000000000001' as PartnerId;
const READER = 'par_0000000000000002' as PartnerId;
const OTHER = 'par_0000000000000003' as PartnerId;
const NOW_MS = 1_000_000;

/** The same numbers for the same seed (mulberry32). */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { one: <T>(...of: readonly T[]): T => of[Math.floor(next() * of.length)] as T };
}

function filterOf(value: unknown) {
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error('not a filter');
  return parsed.filter;
}

function maskOf(value: unknown) {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error('not a mask');
  return parsed.mask;
}

const FILTERS = [
  undefined,
  undefined,
  filterOf({ 'data.n': { gte: 2 } }),
  filterOf({ 'data.hidden': 'x' }),
  filterOf({ not: { 'data.hidden': 'x' } }),
  filterOf({ or: [{ key: 'k' }, { type: 'a' }] }),
];
const MASKS = [
  undefined,
  undefined,
  maskOf({ exclude: ['data.hidden', 'key'] }),
  maskOf({ include: ['data.n'] }),
];

/** A topic with one reader and one subscription, and a message: half of the rules hold half of the time. */
function situation(seed: number) {
  const { one } = random(seed);
  const partnerId = one(READER, READER, READER, OWNER);
  const grant = {
    partnerId: READER,
    version: 1,
    types: one<readonly string[]>([], [], ['a'], ['b', 'c']),
    filter: one(...FILTERS),
    fields: one(...MASKS),
    history: one(true, true, false),
    validFromMs: one(NOW_MS - 500, NOW_MS - 50),
    expiresAtMs: one(undefined, undefined, NOW_MS, NOW_MS + 1),
    revokedAtMs: one(undefined, undefined, undefined, NOW_MS - 10),
  } as Grant;
  const state = one('active', 'active', 'active', 'paused', 'disabled', 'pending');
  const subscription = {
    partnerId,
    eventTypes: one<readonly string[]>([], [], ['a'], ['b']),
    filter: one(...FILTERS),
    state,
    createdAtMs: one(0, 0, NOW_MS + 950),
  } as Subscription;
  const data = { n: one(1, 2, 3), ...one({}, { hidden: 'x' }, { hidden: 'y' }) };
  const message = {
    type: one('a', 'b'),
    key: one('k', undefined),
    dataText: writeExact(data),
    acceptedAtMs: one(NOW_MS - 100, NOW_MS - 20),
    audience: one<readonly PartnerId[] | undefined>(undefined, undefined, [READER], [OTHER]),
    isNotice: one(undefined, undefined, undefined, undefined, undefined, true),
  } as Message;
  const topic = {
    id: 'top_1' as TopicId,
    ownerId: OWNER,
    ownerActive: one(true, true, true, false),
    deleted: false,
  };
  const readerActive = one(true, true, true, false);
  const granted = one(true, true, true, false) ? grant : undefined;
  const target = { subscription, topic, readerActive, grant: granted } as unknown as Target;
  const route: Route = {
    topic: topic as unknown as Route['topic'],
    grants: new Map(granted && [[READER, granted]]),
    subscriptions: [subscription],
    suspendedPartners: new Set(readerActive ? [] : [partnerId]),
  };
  return { target, route, message, data };
}

describe('the rules', () => {
  const SEEDS = Array.from({ length: 4_000 }, (_, seed) => seed);

  it('are all explained', () => {
    expect(Object.keys(RULES)).toEqual([...RULE_NAMES]);
  });

  it('explain what the fan-out and the dispatcher do, whatever the terms, wishes and messages are', () => {
    const seen = { sent: 0, byRule: new Map<string, number>() };
    for (const seed of SEEDS) {
      const { target, route, message, data } = situation(seed);
      const party = partyOf(target);
      const by = party.isOwner ? 'owner' : 'reader';
      const rules = explain(party, { ...message, data }, { by, nowMs: NOW_MS });
      const broken = rules.filter(({ held }) => !held).map(({ rule }) => rule);
      for (const rule of broken) seen.byRule.set(rule, (seen.byRule.get(rule) ?? 0) + 1);

      const fannedOut = compileRoute(route).filter((one) => isMatch(one, { ...message, data }, NOW_MS));
      const isSent = fannedOut.some(({ mode }) => mode === 'send');
      expect(isSent, `fan-out, seed ${seed}`).toBe(broken.length === 0);

      const verdict = judgeDelivery({
        target,
        message,
        grant: target.grant && compileGrant(target.grant),
        wants: compileWants(target.subscription, party),
        nowMs: NOW_MS,
      });
      // A message from before the subscription may be asked for: only the fan-out passes it over.
      const stops = broken.filter((rule) => rule !== 'subscription-age');
      expect(verdict.kind === 'send', `dispatcher, seed ${seed}`).toBe(stops.length === 0);
      if (isSent) seen.sent += 1;
    }
    expect(seen.sent).toBeGreaterThan(100);
    expect([...seen.byRule.keys()].sort()).toEqual([...RULE_NAMES].sort());
  });

  it('let a company read exactly what its row explains as readable', () => {
    for (const seed of SEEDS) {
      const { target, message, data } = situation(seed);
      const party = { ...partyOf(target), readerActive: true, ownerActive: true };
      if (party.isOwner) continue;
      const subject = { ...message, data };
      const compiled = party.grant && compileGrant(party.grant);
      const mayRead = refusalOf(compiled, subject, NOW_MS) === undefined;
      const rules = explain(party, subject, { by: 'reader', nowMs: NOW_MS });
      expect(rules.length === RULE_NAMES.length, `seed ${seed}`).toBe(mayRead);
      expect(
        explain(party, subject, { by: 'owner', nowMs: NOW_MS })
          .slice(0, 6)
          .every(({ held }) => held),
      ).toBe(mayRead);
    }
  });
});
