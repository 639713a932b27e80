import {
  type DeliveryId,
  deliveryId,
  type MessageId,
  type PartnerId,
  type SubscriptionId,
} from '@anika/core/ids';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFindLost } from './find-lost.ts';
import { createLanes } from './lanes.ts';
import { createQueues, type Queues } from './queues.ts';
import { connectRedis } from './redis.ts';
import { TEST_SEAL } from './test-seal.ts';

const NOW_MS = 1_800_000_000_000;
const LIMITS = { concurrency: 1, ratePerSecond: undefined };
const PARTNER = 'par_00000000000000000000000000' as PartnerId;
const SUBSCRIPTION = 'sub_00000000000000000000000000' as SubscriptionId;

let databases: TestDatabases;
let redis: Redis;
let queues: Queues;
let lanes: ReturnType<typeof createLanes>;
let findLost: ReturnType<typeof createFindLost>;
let made = 0;

beforeAll(async () => {
  databases = await createTestDatabases();
  redis = connectRedis({ url: databases.redisUrl, role: 'worker' });
  const where = { redis, prefix: databases.queuePrefix };
  queues = createQueues({
    connection: redis,
    prefix: databases.queuePrefix,
    seal: TEST_SEAL,
  });
  lanes = createLanes(where);
  findLost = createFindLost(where);
});

afterAll(async () => {
  await queues.close();
  redis.disconnect();
  await databases.drop();
});

function expected(subscriptionId = SUBSCRIPTION) {
  made += 1;
  const messageId = `msg_${String(made).padStart(26, '0')}` as MessageId;
  const id: DeliveryId = deliveryId(messageId, Buffer.alloc(16, made));
  return { id, messageId, subscriptionId, generation: 1, deliveryId: id, g: 1, partnerId: PARTNER };
}

const enter = (place: ReturnType<typeof expected>) =>
  lanes.enter(place, LIMITS, { nowMs: NOW_MS, ttlMs: 10_000, order: 1 });

describe('findLost()', () => {
  it('finds what has no job, and leaves what has one, waiting or for later', async () => {
    const [waiting, later, lost] = [expected(), expected(), expected()];
    await queues.addDeliveries([waiting]);
    await queues.addDelayed(later, 60_000);
    expect(await findLost([waiting, later, lost], NOW_MS)).toEqual([lost]);
  });

  it('takes another generation of the same delivery for lost', async () => {
    const one = expected();
    await queues.addDeliveries([one]);
    const again = { ...one, generation: 2 };
    expect(await findLost([one, again], NOW_MS)).toEqual([again]);
  });

  it('leaves who is being served, until the place has lapsed, and who waits for the endpoint', async () => {
    const lane = 'sub_00000000000000000000000001' as SubscriptionId;
    const [served, parked] = [expected(lane), expected(lane)];
    expect([await enter(served), await enter(parked)]).toEqual([
      { kind: 'go', isAlone: true },
      { kind: 'parked' },
    ]);
    expect(await findLost([served, parked], NOW_MS)).toEqual([]);
    expect(await findLost([served, parked], NOW_MS + 10_001)).toEqual([served]);
  });

  it('has a lane looked at whose turn everybody has forgotten', async () => {
    const lane = 'sub_00000000000000000000000002' as SubscriptionId;
    const [served, parked] = [expected(lane), expected(lane)];
    await enter(served);
    await enter(parked);
    await redis.del(`${databases.queuePrefix}:lanes`);
    await findLost([parked], NOW_MS);
    const turns = await lanes.wake({ nowMs: NOW_MS + 10_001, ttlMs: 10_000 });
    expect(turns.map((job) => job.deliveryId)).toEqual([parked.id]);
  });

  it('finds nothing among nobody', async () => {
    expect(await findLost([], NOW_MS)).toEqual([]);
  });
});
