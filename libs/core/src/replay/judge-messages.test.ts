import { describe, expect, it } from 'vitest';
import type { Grant } from '../access.ts';
import { DELIVERY_STATES } from '../delivery/delivery.ts';
import type { FieldMask } from '../field-mask.ts';
import { parseFieldMask } from '../field-mask.ts';
import { type Filter, parseFilterText } from '../filter.ts';
import type { PartnerId } from '../ids.ts';
import type { Message } from '../message.ts';
import type { Target } from '../route.ts';
import { actOf, compileReplay } from './judge-messages.ts';

const OWNER = 'par_0000000000000001' as PartnerId;
const READER = 'par_0000000000000002' as PartnerId;
const NOW_MS = 1_000_000;

function filter(value: object): Filter {
  const parsed = parseFilterText(JSON.stringify(value));
  if (!parsed.ok) throw new Error('no filter');
  return parsed.filter;
}

function mask(value: object): FieldMask {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error('no mask');
  return parsed.mask;
}

const GRANT = { partnerId: READER, types: [], history: true, validFromMs: 0 } as unknown as Grant;

type Changes = { grant?: Partial<Grant>; wants?: Filter; eventTypes?: readonly string[] };

function target({ grant, wants, eventTypes = [] }: Changes = {}): Target {
  return {
    subscription: { state: 'active', partnerId: READER, eventTypes, filter: wants },
    topic: { ownerId: OWNER, deleted: false, ownerActive: true },
    readerActive: true,
    grant: { ...GRANT, ...grant },
  } as Target;
}

function message(more: Partial<Message> = {}): Message {
  const dataText = '{"price":10,"phone":"+7 900"}';
  return { type: 'car.chosen', dataText, acceptedAtMs: NOW_MS - 10, ...more } as Message;
}

const EVERYTHING = { types: [], filter: undefined };
const cheap = filter({ 'data.price': { lt: 100 } });
const dear = filter({ 'data.price': { gt: 100 } });

describe('compileReplay()', () => {
  it.each<[string, Target, { types: string[]; filter: Filter | undefined }, boolean]>([
    ['everything, without conditions', target(), EVERYTHING, true],
    ['its types', target(), { types: ['car.chosen'], filter: undefined }, true],
    ['no other type', target(), { types: ['car.sold'], filter: undefined }, false],
    ['what its filter lets through', target(), { types: [], filter: cheap }, true],
    ['nothing else', target(), { types: [], filter: dear }, false],
    ['only what the subscription wants now', target({ wants: dear }), EVERYTHING, false],
    ['only types that it wants now', target({ eventTypes: ['car.sold'] }), EVERYTHING, false],
    ['only what the grant lets through', target({ grant: { filter: dear } }), EVERYTHING, false],
    ['nothing of a revoked grant', target({ grant: { revokedAtMs: 1 } }), EVERYTHING, false],
  ])('sends %s', (_what, of, wish, expected) => {
    expect(compileReplay(of, wish)(message(), NOW_MS)).toBe(expected);
  });

  it('leaves the past to the history of the grant', () => {
    const since = { validFromMs: NOW_MS - 5 };
    const judge = (history: boolean) => compileReplay(target({ grant: { history, ...since } }), EVERYTHING);
    expect(judge(true)(message(), NOW_MS)).toBe(true);
    expect(judge(false)(message(), NOW_MS)).toBe(false);
    expect(judge(false)(message({ acceptedAtMs: NOW_MS - 5 }), NOW_MS)).toBe(true);
  });

  it('its filter sees what the reader sees: a hidden value counts as missing', () => {
    const hidden = target({ grant: { fields: mask({ exclude: ['data.phone'] }) } });
    const judge = (wanted: object) =>
      compileReplay(hidden, { types: [], filter: filter(wanted) })(message(), NOW_MS);
    expect(judge({ 'data.phone': '+7 900' })).toBe(false);
    expect(judge({ 'data.phone': { prefix: '+7' } })).toBe(false);
    expect(judge({ 'data.phone': { exists: false } })).toBe(true);
    expect(judge({ 'data.price': 10 })).toBe(true);
  });
});

describe('actOf()', () => {
  it.each([
    ['missing', { dead: 'again', cancelled: 'again', delivered: 'leave' }],
    ['all', { dead: 'again', cancelled: 'again', delivered: 'again' }],
  ] as const)('%s: makes what never was, and leaves what is under way', (only, expected) => {
    expect(actOf(only, undefined)).toBe('make');
    const acts = DELIVERY_STATES.map((state) => [state, actOf(only, state)]);
    expect(Object.fromEntries(acts)).toEqual({
      pending: 'leave',
      retrying: 'leave',
      held: 'leave',
      ...expected,
    });
  });
});
