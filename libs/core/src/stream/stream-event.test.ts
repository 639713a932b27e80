import { describe, expect, it } from 'vitest';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '../ids.ts';
import { eventsOf, kindsWanted, STREAM_KINDS, type StoredChange } from './stream-event.ts';

const ids = {
  top: `top_${'1'.repeat(26)}` as TopicId,
  other: `top_${'2'.repeat(26)}` as TopicId,
  sub: `sub_${'1'.repeat(26)}` as SubscriptionId,
  otherSub: `sub_${'2'.repeat(26)}` as SubscriptionId,
  msg: `msg_${'1'.repeat(26)}` as MessageId,
  dlv: `dlv_${'1'.repeat(42)}` as DeliveryId,
  owner: `par_${'1'.repeat(26)}` as PartnerId,
  reader: `par_${'2'.repeat(26)}` as PartnerId,
};
const position = { seconds: 1, increment: 1, nth: 0 };

const message: StoredChange = {
  position,
  kind: 'message',
  message: {
    id: ids.msg,
    topicId: ids.top,
    ownerId: ids.owner,
    type: 'car.chosen',
    acceptedAtMs: 0,
    audience: [ids.reader],
  },
};

const delivery: Extract<StoredChange, { kind: 'delivery' }> = {
  position,
  kind: 'delivery',
  delivery: {
    id: ids.dlv,
    messageId: ids.msg,
    topicId: ids.top,
    subscriptionId: ids.sub,
    ownerId: ids.owner,
    partnerId: ids.reader,
    type: 'car.chosen',
    acceptedAtMs: 0,
    createdAtMs: 1,
  },
  isNew: true,
  attempts: [{ n: 1, atMs: 2, durationMs: 3.5, status: 503, errorClass: undefined }],
  state: { state: 'retrying', reason: undefined, nextAttemptAtMs: 5000, finishedAtMs: undefined },
};

describe('eventsOf()', () => {
  it('tells of a message neither content nor audience', () => {
    const data = {
      id: ids.msg,
      topicId: ids.top,
      type: 'car.chosen',
      acceptedAt: '1970-01-01T00:00:00.000Z',
    };
    expect(eventsOf(message)).toEqual([{ kind: 'message', data }]);
  });

  it('tells of a new delivery, its first attempt and its state, in this order', () => {
    const events = eventsOf(delivery);
    expect(events.map(({ kind }) => kind)).toEqual(['delivery', 'attempt', 'state']);
    expect(events[1]?.data).toMatchObject({ deliveryId: ids.dlv, n: 1, status: 503, errorClass: null });
    expect(events[2]?.data).toMatchObject({
      state: 'retrying',
      reason: null,
      nextAttemptAt: '1970-01-01T00:00:05.000Z',
      finishedAt: null,
    });
  });

  it('tells of a delivery that is known what is new', () => {
    const kinds = (change: StoredChange) => eventsOf(change).map(({ kind }) => kind);
    expect(kinds({ ...delivery, isNew: false })).toEqual(['attempt', 'state']);
    expect(kinds({ ...delivery, isNew: false, attempts: [] })).toEqual(['state']);
    expect(kinds({ ...delivery, isNew: false, state: undefined })).toEqual(['attempt']);
  });
});

describe('kindsWanted()', () => {
  const none = { kinds: STREAM_KINDS, topicId: undefined, subscriptionId: undefined };

  it.each([
    ['no filter', none, STREAM_KINDS, STREAM_KINDS],
    ['its topic', { ...none, topicId: ids.top }, STREAM_KINDS, STREAM_KINDS],
    ['another topic', { ...none, topicId: ids.other }, [], []],
    ['its subscription', { ...none, subscriptionId: ids.sub }, [], STREAM_KINDS],
    ['another subscription', { ...none, subscriptionId: ids.otherSub }, [], []],
    ['some kinds', { ...none, kinds: ['state' as const] }, ['state'], ['state']],
  ])('with %s', (_name, filter, ofMessage, ofDelivery) => {
    expect(kindsWanted(filter, message)).toEqual(ofMessage);
    expect(kindsWanted(filter, delivery)).toEqual(ofDelivery);
  });
});
