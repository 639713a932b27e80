import { describe, expect, it } from 'vitest';
import { check, type Evidence, type Expectation, type StoredDelivery } from './check.ts';
import type { Hit } from './endpoint.ts';

const EXPECTED: Expectation = { maxAttempts: 3, repeats: 'never', ends: ['delivered'] };

const delivery = (change: Partial<StoredDelivery> = {}): StoredDelivery => ({
  id: 'dlv_1',
  messageId: 'msg_1',
  subscriptionId: 'sub_1',
  state: 'delivered',
  reason: undefined,
  generation: 1,
  attempts: [1],
  ...change,
});

const hit = (change: Partial<Hit> = {}): Hit => ({
  messageId: 'msg_1',
  deliveryId: 'dlv_1',
  attempt: 1,
  n: 7,
  verified: true,
  answered: 204,
  atMs: 0,
  ...change,
});

/** One message, number 7, for one subscription, taken at the first attempt. */
const kept = (change: Partial<Evidence> = {}): Evidence => ({
  sent: new Set([7]),
  acknowledged: new Map([[7, 'msg_1']]),
  answers: new Map([
    [0, 1],
    [202, 1],
    [503, 2],
  ]),
  slowestRefusalMs: 900,
  stored: new Set(['msg_1']),
  deliveries: [delivery()],
  subscriptions: [{ id: 'sub_1', wants: () => true }],
  hits: [hit()],
  unfinished: { 'open deliveries': 0 },
  ...change,
});

describe('check()', () => {
  it('finds nothing where the promise was kept', () => {
    expect(check(kept(), EXPECTED)).toEqual({
      figures: { accepted: 1, deliveries: 1, delivered: 1, dead: 0, requests: 1, repeats: 0, lost: 0 },
      findings: [],
    });
  });

  it.each<[string, Partial<Evidence>, RegExp]>([
    ['an acknowledged message that is not stored', { stored: new Set() }, /1 lost: 7 is not stored/],
    [
      'a subscriber without a delivery',
      { subscriptions: ['sub_1', 'sub_2'].map((id) => ({ id, wants: () => true })) },
      /1 lost: 7 has 0 deliveries/,
    ],
    [
      'two deliveries for one subscriber',
      { deliveries: [delivery(), delivery({ id: 'dlv_2' })], hits: [hit(), hit({ deliveryId: 'dlv_2' })] },
      /1 lost: 7 has 2 deliveries/,
    ],
    [
      'a delivery that never ended',
      { deliveries: [delivery({ state: 'retrying' })] },
      /1 lost: 7 ended retrying/,
    ],
    [
      'a delivery that ended otherwise',
      { deliveries: [delivery({ state: 'dead' })] },
      /1 lost: 7 ended dead/,
    ],
    ['a delivery nobody got', { hits: [] }, /no endpoint has taken it: dlv_1/],
    ['a delivery that was only refused', { hits: [hit({ answered: 500 })] }, /no endpoint has taken it/],
    [
      'a publisher who was refused for good',
      { answers: new Map([[401, 3]]) },
      /1 answers that publishers should not get: 401/,
    ],
    ['a bug that publishers hear of', { answers: new Map([[500, 1]]) }, /should not get: 500/],
    ['a publisher who waited', { slowestRefusalMs: 4001 }, /a refusal after 4001 ms/],
    ['a message nobody sent', { hits: [hit(), hit({ n: 8, deliveryId: 'dlv_9' })] }, /was never accepted/],
    [
      'a message that is not stored and arrived',
      { hits: [hit(), hit({ messageId: 'msg_2', deliveryId: 'dlv_9' })] },
      /was never accepted/,
    ],
    ['a request that does not verify', { hits: [hit({ verified: false })] }, /1 did not verify/],
    ['a repeat that nothing explains', { hits: [hit(), hit()] }, /1 sent again after it was taken/],
    ['one attempt recorded twice', { deliveries: [delivery({ attempts: [1, 1] })] }, /out of order/],
    ['too many attempts', { deliveries: [delivery({ attempts: [1, 2, 3, 4] })] }, /out of order or too many/],
    [
      'attempt numbers that fall back',
      { hits: [hit({ attempt: 2, answered: 500 }), hit({ attempt: 1 })] },
      /out of order/,
    ],
    ['work that is left', { unfinished: { 'open deliveries': 3 } }, /3 open deliveries left/],
  ])('finds %s', (_title, change, expected) => {
    const { findings } = check(kept(change), EXPECTED);
    expect(findings.filter((finding) => expected.test(finding))).toHaveLength(1);
  });

  it('asks for a reason where a delivery may be dead', () => {
    const dead = kept({ deliveries: [delivery({ state: 'dead' })] });
    const mayDie = { ...EXPECTED, ends: ['delivered', 'dead'] };
    expect(check(dead, mayDie).findings).toEqual([expect.stringContaining('dead for no reason')]);
    const explained = kept({ deliveries: [delivery({ state: 'dead', reason: 'attempts-exhausted' })] });
    expect(check(explained, mayDie).findings).toEqual([]);
  });

  it('lets attempts begin anew when a delivery was started again', () => {
    const again = kept({
      deliveries: [delivery({ generation: 2, attempts: [1, 2, 3, 1] })],
      hits: [1, 2, 3].map((attempt) => hit({ attempt, answered: 500 })).concat(hit({ attempt: 1 })),
    });
    expect(check(again, EXPECTED).findings).toEqual([]);
  });

  it('asks for no delivery of a message that a subscription does not want', () => {
    const subscriptions = [
      { id: 'sub_1', wants: () => true },
      { id: 'sub_2', wants: (n: number) => n > 7 },
    ];
    expect(check(kept({ subscriptions }), EXPECTED).findings).toEqual([]);
  });

  it('counts repeats where the fault explains them', () => {
    const { figures, findings } = check(kept({ hits: [hit(), hit()] }), { ...EXPECTED, repeats: 'allowed' });
    expect(figures.repeats).toBe(1);
    expect(findings).toEqual([]);
  });
});
