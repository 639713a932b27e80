import type { Grant } from '@anika/core/access';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import { describe, expect, it } from 'vitest';
import { createMayListen } from './may-listen.ts';

const [owner, reader, other] = ['par_owner', 'par_reader', 'par_other'] as PartnerId[];
const topicId = 'top_1' as TopicId;
const id = 'sub_1' as SubscriptionId;
const NOW = 5000;

function listening(expiresAtMs?: number) {
  const grant = { topicId, partnerId: reader, expiresAtMs } as Grant;
  const target = {
    subscription: { id, partnerId: reader },
    topic: { id: topicId, ownerId: owner },
  } as Target;
  return createMayListen({
    findTopic: async (one) => (one === topicId ? { owner: { id: owner as PartnerId } } : undefined),
    findGrant: async (_topic, partnerId) => (partnerId === reader ? grant : undefined),
    loadTarget: async (one) => (one === id ? target : undefined),
    clock: { now: () => NOW },
  });
}

describe('refusesTopic()', () => {
  it.each([
    ['its owner', owner, undefined, false],
    ['a reader with a grant', reader, undefined, false],
    ['a reader whose grant has ended', reader, NOW - 1, true],
    ['somebody else', other, undefined, true],
  ])('of %s', async (_who, partnerId, expiresAtMs, refused) => {
    expect(await listening(expiresAtMs).refusesTopic(topicId, partnerId as PartnerId)).toBe(refused);
  });

  it('a topic that is not there refuses everybody', async () => {
    expect(await listening().refusesTopic('top_2' as TopicId, owner as PartnerId)).toBe(true);
  });
});

describe('sharesSubscription()', () => {
  it.each([
    ['whose it is', reader, true],
    ['on whose topic it is', owner, true],
    ['somebody else', other, false],
  ])('with %s', async (_who, partnerId, shares) => {
    expect(await listening().sharesSubscription(id, partnerId as PartnerId)).toBe(shares);
  });

  it('one that is not there is shared with nobody', async () => {
    expect(await listening().sharesSubscription('sub_2' as SubscriptionId, reader as PartnerId)).toBe(false);
  });
});
