import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  type EnteredSubscription,
  NOTHING_ENTERED,
  withoutSecrets,
} from './new-subscription-body.ts';

const entered = (more: Partial<EnteredSubscription>) =>
  bodyOf({ ...NOTHING_ENTERED, topicId: 'top_1', url: 'https://bank.example/', ...more });

describe('bodyOf()', () => {
  it('says nothing of what is left as it is', () => {
    expect(entered({})).toEqual({ topicId: 'top_1', url: 'https://bank.example/', eventTypes: [] });
  });

  it('has nothing of an endpoint where messages are pulled', () => {
    expect(entered({ delivery: 'pull', verify: false })).toEqual({
      topicId: 'top_1',
      delivery: { type: 'pull' },
      eventTypes: [],
    });
  });

  it('has what was entered', () => {
    expect(
      entered({
        types: 'car.selected, car.reserved',
        filter: '{"data.price":{"gte":1}}',
        description: 'Credits',
        startFrom: '2026-11-01T00:00:00.000Z',
        secret: 'whsec_x',
        verify: false,
        format: 'cloudevents-binary',
      }),
    ).toEqual({
      topicId: 'top_1',
      url: 'https://bank.example/',
      eventTypes: ['car.selected', 'car.reserved'],
      filter: { 'data.price': { gte: 1 } },
      description: 'Credits',
      startFrom: '2026-11-01T00:00:00.000Z',
      secret: 'whsec_x',
      verify: false,
      format: 'cloudevents-binary',
    });
  });

  it('has no secret where none signs', () => {
    const body = entered({ secret: 'whsec_x', signature: 'ed25519' });
    expect(body).toMatchObject({ signature: 'ed25519' });
    expect(body).not.toHaveProperty('secret');
  });

  it('takes the types of notices for their topic', () => {
    const notices = ['anika.delivery.dead'] as const;
    expect(entered({ topicId: 'notices', types: 'car.selected', notices })?.eventTypes).toEqual(notices);
    expect(entered({ notices })?.eventTypes).toEqual([]);
  });

  it('is none with a broken filter', () => {
    expect(entered({ filter: '{' })).toBeUndefined();
  });
});

describe('withoutSecrets()', () => {
  it.each([
    ['https://bank.example/anika?token=abc', 'https://bank.example/anika'],
    ['https://anika:abc@bank.example/in', 'https://bank.example/in'],
    ['https://bank.example/#abc', 'https://bank.example/'],
    ['not yet an addr', 'not yet an addr'],
  ])('keeps of %s no more than %s', (url, kept) => {
    const secret = 'whsec_x';
    expect(withoutSecrets({ ...NOTHING_ENTERED, url, secret })).toEqual({ ...NOTHING_ENTERED, url: kept });
  });
});
