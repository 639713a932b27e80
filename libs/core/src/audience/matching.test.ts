import { describe, expect, it } from 'vitest';
import type { Grant } from '../access.ts';
import { parseFieldMask } from '../field-mask.ts';
import { parseFilter } from '../filter.ts';
import type { PartnerId, SubscriptionId, TopicId } from '../ids.ts';
import type { Route } from '../route.ts';
import type { Subscription } from '../subscription.ts';
import { compileRoute, isMatch } from './matching.ts';
import type { Readable } from './rules.ts';

const OWNER = 'par_0000000000000001' as PartnerId;
const READER = 'par_0000000000000002' as PartnerId;
const OTHER = 'par_0000000000000003' as PartnerId;
const NOW_MS = 1_000_000;

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

function subscription(change: Partial<Subscription> = {}): Subscription {
  return {
    id: 'sub_0000000000000001' as SubscriptionId,
    partnerId: READER,
    eventTypes: [],
    filter: undefined,
    state: 'active',
    verifiedAtMs: 1,
    createdAtMs: 1,
    ...change,
  } as Subscription;
}

function grant(change: Partial<Grant> = {}): Grant {
  return {
    partnerId: READER,
    fields: undefined,
    types: [],
    filter: undefined,
    history: true,
    validFromMs: 0,
    expiresAtMs: undefined,
    revokedAtMs: undefined,
    ...change,
  } as Grant;
}

type Given = {
  subscriptions?: Subscription[];
  grants?: Grant[];
  suspended?: PartnerId[];
  ownerActive?: boolean;
};

function modesOf(given: Given, message: Partial<Readable> = {}): string[] {
  const route: Route = {
    topic: {
      id: 'top_0000000000000001' as TopicId,
      ownerId: OWNER,
      ownerActive: given.ownerActive ?? true,
    } as Route['topic'],
    grants: new Map((given.grants ?? [grant()]).map((one) => [one.partnerId, one])),
    subscriptions: given.subscriptions ?? [subscription()],
    suspendedPartners: new Set(given.suspended),
  };
  const subject = {
    type: 'car.chosen',
    key: 'C-1',
    data: { price: 10, secret: 'x' },
    acceptedAtMs: NOW_MS,
    audience: undefined,
    ...message,
  };
  const matching = compileRoute(route).filter((matcher) => isMatch(matcher, subject, NOW_MS));
  return matching.map(({ mode }) => mode);
}

describe('isMatch()', () => {
  it.each<[string, Given, Partial<Readable>?]>([
    ['a granted reader', {}],
    ['the owner, without a grant', { subscriptions: [subscription({ partnerId: OWNER })], grants: [] }],
    [
      'the owner, whatever the audience is',
      { subscriptions: [subscription({ partnerId: OWNER })] },
      { audience: [READER] },
    ],
    [
      'a subscription made within what clocks may differ',
      { subscriptions: [subscription({ createdAtMs: NOW_MS + 1000 })] },
    ],
    ['a wanted type', { subscriptions: [subscription({ eventTypes: ['car.chosen'] })] }],
    ['a wanted value', { subscriptions: [subscription({ filter: filterOf({ 'data.price': { gt: 5 } }) })] }],
    ['a granted value', { grants: [grant({ filter: filterOf({ 'data.price': 10 }) })] }],
    [
      'a granted value behind the mask, which binds the reader and not the owner',
      {
        grants: [
          grant({ filter: filterOf({ 'data.secret': 'x' }), fields: maskOf({ exclude: ['data.secret'] }) }),
        ],
      },
    ],
  ])('sends to %s', (_, given, message) => {
    expect(modesOf(given, message)).toEqual(['send']);
  });

  it.each<[string, Given, Partial<Readable>?]>([
    ['a partner without a grant', { grants: [grant({ partnerId: OTHER })] }],
    ['a partner whose grant ended', { grants: [grant({ expiresAtMs: NOW_MS })] }],
    ['a suspended partner', { suspended: [READER] }],
    ['everybody while the owner is suspended', { ownerActive: false }],
    [
      'a subscription that was made after the message was accepted',
      { subscriptions: [subscription({ createdAtMs: NOW_MS + 1001 })] },
    ],
    ['a partner beside the audience', {}, { audience: [OTHER] }],
    ['a reader of other types', { subscriptions: [subscription({ eventTypes: ['car'] })] }],
    ['a reader of other values', { subscriptions: [subscription({ filter: filterOf({ key: 'C-2' }) })] }],
    ['a reader whom the grant shows other values', { grants: [grant({ filter: filterOf({ key: 'C-2' }) })] }],
    [
      'a reader who filters by a masked value',
      {
        subscriptions: [subscription({ filter: filterOf({ 'data.secret': 'x' }) })],
        grants: [grant({ fields: maskOf({ exclude: ['data.secret'] }) })],
      },
    ],
  ])('passes over %s', (_, given, message) => {
    expect(modesOf(given, message)).toEqual([]);
  });

  it('finds out nothing about a masked value by asking for its absence', () => {
    const fields = maskOf({ exclude: ['data.secret'] });
    const subscriptions = [subscription({ filter: filterOf({ 'data.secret': { ne: 'x' } }) })];
    const withValue = modesOf({ subscriptions, grants: [grant({ fields })] });
    const without = modesOf({ subscriptions, grants: [grant({ fields })] }, { data: { price: 10 } });
    expect(withValue).toEqual(without);
  });

  it('holds for a subscription that is paused, disabled or being moved, or was never verified', () => {
    const states = ['paused', 'disabled', 'pending'] as const;
    const subscriptions = states.map((state) => subscription({ state }));
    subscriptions.push(subscription({ state: 'pending', verifiedAtMs: undefined }));
    expect(modesOf({ subscriptions })).toEqual(['hold', 'hold', 'hold', 'hold']);
  });
});
