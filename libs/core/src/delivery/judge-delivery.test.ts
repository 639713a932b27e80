import { describe, expect, it } from 'vitest';
import type { Grant } from '../access.ts';
import { compileGrant, type ReadGrant, type Wants } from '../audience/rules.ts';
import type { PartnerId } from '../ids.ts';
import type { Message } from '../message.ts';
import type { Target } from '../route.ts';
import type { SubscriptionState } from '../subscription.ts';
import { judgeDelivery } from './judge-delivery.ts';

const OWNER = 'par_0000000000000001' as PartnerId;
const READER = 'par_0000000000000002' as PartnerId;
const NOW_MS = 1_000_000;

const message = {
  type: 'car.chosen',
  key: undefined,
  dataText: '{"price":10}',
  acceptedAtMs: NOW_MS - 10,
  audience: undefined,
} as Message;

function granted(change: Partial<Grant> = {}): ReadGrant {
  return compileGrant({ partnerId: READER, types: [], history: true, validFromMs: 0, ...change } as Grant);
}

const grant = granted();
const wants: Wants = { createdAtMs: 0, types: new Set(), matches: () => true, hasFilter: false };
const unwanted: Wants = { ...wants, matches: () => false };

type Changes = {
  state?: SubscriptionState;
  partnerId?: PartnerId;
  topic?: Partial<Target['topic']>;
  readerActive?: boolean;
};

function target({ state = 'active', partnerId = READER, topic, readerActive = true }: Changes = {}): Target {
  return {
    subscription: { state, partnerId },
    topic: { ownerId: OWNER, deleted: false, ownerActive: true, ...topic },
    readerActive,
  } as Target;
}

describe('judgeDelivery()', () => {
  it('sends what is allowed', () => {
    const to = target();
    expect(judgeDelivery({ target: to, message, grant, wants, nowMs: NOW_MS })).toEqual({
      kind: 'send',
      target: to,
      message,
    });
  });

  it('sends a notice, whatever the types and filters of the grant and the subscription', () => {
    const narrow = { ...grant, types: ['other'], hasFilter: true, matches: () => false };
    const notice: Message = { ...message, isNotice: true, audience: [READER] };
    const verdict = judgeDelivery({
      target: target(),
      message: notice,
      grant: narrow,
      wants: unwanted,
      nowMs: NOW_MS,
    });
    expect(verdict.kind).toBe('send');
  });

  it('lets the owner read its own topic without a grant', () => {
    const to = target({ partnerId: OWNER });
    expect(judgeDelivery({ target: to, message, grant: undefined, wants, nowMs: NOW_MS }).kind).toBe('send');
  });

  it.each<[string, Partial<Parameters<typeof judgeDelivery>[0]>]>([
    ['subscription-deleted', { target: undefined }],
    ['topic-deleted', { target: target({ topic: { deleted: true } }) }],
    ['partner-suspended', { target: target({ readerActive: false }) }],
    ['partner-suspended', { target: target({ topic: { ownerActive: false } }) }],
    ['message-expired', { message: undefined }],
    ['recalled', { message: 'recalled' }],
    // Whatever the terms, a notice is not for whose grant has ended, nor for others than it names.
    ['grant-revoked', { message: { ...message, isNotice: true }, grant: undefined }],
    ['grant-narrowed', { message: { ...message, isNotice: true, audience: [OWNER] } }],
    ['grant-revoked', { grant: undefined }],
    ['grant-revoked', { grant: granted({ revokedAtMs: 1 }) }],
    ['grant-expired', { grant: granted({ expiresAtMs: NOW_MS }) }],
    ['grant-narrowed', { grant: granted({ types: ['other'] }) }],
    ['grant-narrowed', { message: { ...message, audience: [OWNER] } }],
    ['grant-narrowed', { grant: { ...grant, hasFilter: true, matches: () => false } }],
    ['not-wanted', { wants: unwanted }],
    ['not-wanted', { wants: unwanted, grant: undefined, target: target({ partnerId: OWNER }) }],
    // The owner's word comes first.
    ['grant-revoked', { wants: unwanted, grant: undefined }],
    // What is forbidden for good is not kept for a paused subscription.
    ['grant-revoked', { target: target({ state: 'paused' }), grant: granted({ revokedAtMs: 1 }) }],
  ])('cancels with %s', (reason, change) => {
    const verdict = judgeDelivery({ target: target(), message, grant, wants, nowMs: NOW_MS, ...change });
    expect(verdict).toEqual({ kind: 'cancel', reason });
  });

  it.each<[SubscriptionState, string]>([
    ['paused', 'subscription-paused'],
    ['disabled', 'subscription-disabled'],
    ['pending', 'subscription-unverified'],
  ])('holds while the subscription is %s', (state, reason) => {
    const verdict = judgeDelivery({ target: target({ state }), message, grant, wants, nowMs: NOW_MS });
    expect(verdict).toEqual({ kind: 'hold', reason });
  });

  it('holds what is not wanted while it is held anyway: it may be wanted again when that ends', () => {
    const to = target({ state: 'paused' });
    expect(judgeDelivery({ target: to, message, grant, wants: unwanted, nowMs: NOW_MS }).kind).toBe('hold');
  });

  it("shows the data to the subscriber's filter, and parses none where nobody filters", () => {
    const seen: unknown[] = [];
    const looking = (hasFilter: boolean) => ({
      ...wants,
      hasFilter,
      matches: ({ data }: { data: unknown }) => seen.push(data) > 0,
    });
    for (const hasFilter of [true, false]) {
      judgeDelivery({ target: target(), message, grant, wants: looking(hasFilter), nowMs: NOW_MS });
    }
    expect(seen).toEqual([{ price: 10 }, undefined]);
  });

  it("shows the data to the grant's filter", () => {
    const filtering = {
      ...grant,
      hasFilter: true,
      matches: ({ data }: { data: unknown }) => JSON.stringify(data) === '{"price":10}',
    };
    expect(judgeDelivery({ target: target(), message, grant: filtering, wants, nowMs: NOW_MS }).kind).toBe(
      'send',
    );
  });
});
