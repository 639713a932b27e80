import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELIVERY_STATES } from '../delivery/delivery.ts';
import type { PartnerId, TopicId } from '../ids.ts';
import { canonicalForm, type Figures, fingerprintOf, rangeReceipt } from './receipt.ts';

const OF = {
  issuer: 'https://anika.example',
  topicId: 'top_1' as TopicId,
  ownerId: 'par_1' as PartnerId,
  partnerId: 'par_2' as PartnerId,
  fromMs: Date.UTC(2026, 10, 1),
  toMs: Date.UTC(2026, 11, 1),
  isComplete: true,
};
const NONE: Figures = {
  counts: {},
  firstAttempt: 0,
  messages: 0,
  withoutDelivery: 0,
  medianMs: undefined,
  p95Ms: undefined,
  p99Ms: undefined,
  oldestUndeliveredMs: undefined,
};

const number = fc.nat(1_000_000);
const figures: fc.Arbitrary<Figures> = fc.record({
  counts: fc.dictionary(fc.constantFrom(...DELIVERY_STATES), number),
  firstAttempt: number,
  messages: number,
  withoutDelivery: number,
  medianMs: fc.option(number, { nil: undefined }),
  p95Ms: fc.option(number, { nil: undefined }),
  p99Ms: fc.option(number, { nil: undefined }),
  oldestUndeliveredMs: fc.option(number, { nil: undefined }),
});

describe('rangeReceipt()', () => {
  it('adds up, whatever was counted', () => {
    fc.assert(
      fc.property(figures, (counted) => {
        const { accepted, underWay, deliveries } = rangeReceipt(OF, counted);
        const { pending, retrying, delivered, dead, cancelled, held } = deliveries;
        expect(underWay).toBe(pending + retrying);
        expect(accepted).toBe(delivered + dead + cancelled + held + underWay);
      }),
    );
  });

  it('is of a pair, or of all readers', () => {
    expect(rangeReceipt(OF, NONE)).toMatchObject({ kind: 'pair', partnerId: 'par_2' });
    expect(rangeReceipt({ ...OF, partnerId: undefined }, NONE)).toMatchObject({
      kind: 'topic',
      partnerId: null,
    });
  });
});

describe('canonicalForm()', () => {
  it('is one text of the facts, in the order of the names, without spaces', () => {
    expect(canonicalForm(rangeReceipt(OF, { ...NONE, counts: { delivered: 2 }, messages: 2 }))).toBe(
      '{"accepted":2,"complete":true,"deliveredAtFirstAttempt":0,' +
        '"deliveries":{"cancelled":0,"dead":0,"delivered":2,"held":0,"pending":0,"retrying":0},' +
        '"format":"anika-receipt-1","from":"2026-11-01T00:00:00.000Z","issuer":"https://anika.example",' +
        '"kind":"pair","messages":2,"oldestUndeliveredAt":null,"ownerId":"par_1","partnerId":"par_2",' +
        '"timeToDeliveryMs":{"median":null,"p95":null,"p99":null},"to":"2026-12-01T00:00:00.000Z",' +
        '"topicId":"top_1","underWay":0,"withoutDelivery":0}',
    );
  });

  it('comes through JSON unchanged: whoever reads an answer makes the same text of it', () => {
    fc.assert(
      fc.property(figures, (counted) => {
        const facts = rangeReceipt(OF, counted);
        expect(canonicalForm(JSON.parse(JSON.stringify(facts)))).toBe(canonicalForm(facts));
      }),
    );
  });
});

it('fingerprintOf() is 16 digits in fours', () => {
  expect(fingerprintOf(`7f3a91c20b4d55e6${'0'.repeat(48)}`)).toBe('7F3A-91C2-0B4D-55E6');
});
