import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditLog } from './audit-log.ts';
import { type CancellationStore, createCancellationStore } from './cancellations.ts';
import { createGrantStore, type GrantStore } from './grants.ts';
import { change, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';

let stores: TestStores;
let grants: GrantStore;
let cancellations: CancellationStore;

beforeAll(async () => {
  stores = await openTestStores();
  grants = createGrantStore(stores.postgres);
  cancellations = createCancellationStore(stores.postgres);
});

afterAll(() => stores.close());

async function scene() {
  const owner = (await stores.partner('АвтоЭкспресс')).partner.id;
  const [reader, other] = [(await stores.partner()).partner.id, (await stores.partner()).partner.id];
  const topic = (await stores.topic(owner)).id;
  const asOwner = { ...change(), ownerId: owner };
  const put = (to: typeof reader) => grants.put(topic, to, {}, { ...asOwner, id: id('grt') });
  const grant = await put(reader);
  await put(other);
  const subscribe = (by: typeof reader) => stores.subscription(by, topic);
  const [mine, others] = [await subscribe(reader), await subscribe(other)];
  const due = async () => (await cancellations.findDue(topic)).map((one) => one.id);
  return { owner, reader, topic, grant, put, mine, others, due, asOwner };
}

type Scene = Awaited<ReturnType<typeof scene>>;

const endings: [string, string, (of: Scene) => Promise<unknown>][] = [
  [
    'revoking a grant',
    'grant-revoked',
    ({ topic, reader, asOwner }) => grants.revoke(topic, reader, asOwner),
  ],
  [
    'declining a grant',
    'grant-revoked',
    async ({ grant, reader }) => grants.decline(grant?.id ?? id('grt'), { ...change(), partnerId: reader }),
  ],
  [
    'deleting a subscription',
    'subscription-deleted',
    ({ mine, reader }) => stores.subscriptions.remove(mine, { ...change(), partnerId: reader }),
  ],
];

test.each(endings)(
  '%s marks what waits in the same transaction, of nobody else',
  async (_what, reason, end) => {
    const of = await scene();
    expect(await of.due()).toEqual([]);
    await end(of);
    expect(await of.due()).toEqual([of.mine]);
    const failing = cancellations.carryOut({ id: of.mine, topicId: of.topic }, () =>
      Promise.reject(new Error('MongoDB is away')),
    );
    await expect(failing).rejects.toThrow('MongoDB is away');
    expect(await of.due()).toEqual([of.mine]);
    const reasons: string[] = [];
    const carryOut = () =>
      cancellations.carryOut({ id: of.mine, topicId: of.topic }, async (why) => void reasons.push(why));
    expect((await Promise.all([carryOut(), carryOut(), carryOut()])).filter(Boolean)).toHaveLength(1);
    expect(reasons).toEqual([reason]);
    expect(await of.due()).toEqual([]);
  },
);

test('deleting a topic marks what waits for all its subscriptions', async () => {
  const of = await scene();
  await stores.topics.remove(of.topic, of.asOwner);
  expect((await of.due()).sort()).toEqual([of.mine, of.others].sort());
  expect(await cancellations.findDue()).toContainEqual({ id: of.others, topicId: of.topic });
});

test('a renewed grant takes the mark off: what still waits is judged by it', async () => {
  const of = await scene();
  await grants.revoke(of.topic, of.reader, of.asOwner);
  await of.put(of.reader);
  expect(await of.due()).toEqual([]);
  const cancel = () => Promise.reject(new Error('cancelled all the same'));
  expect(await cancellations.carryOut({ id: of.mine, topicId: of.topic }, cancel)).toBe(false);
});

test('a renewed grant leaves the mark of a deleted subscription', async () => {
  const of = await scene();
  await stores.subscriptions.remove(of.mine, { ...change(), partnerId: of.reader });
  await of.put(of.reader);
  expect(await of.due()).toEqual([of.mine]);
});

test('decline() is the reader’s own, once, and both companies see it', async () => {
  const { grant, reader, owner, topic } = await scene();
  if (grant === undefined) throw new Error('not given');
  const decline = (partnerId: typeof reader) => grants.decline(grant.id, { ...change(), partnerId });
  expect(await decline(owner)).toBeUndefined();
  expect(await decline(reader)).toBe(topic);
  expect(await decline(reader)).toBeUndefined();
  expect(await grants.find(topic, reader)).toMatchObject({ version: 2, revokedAtMs: NOW_MS });
  for (const partnerId of [owner, reader]) {
    const rows = await createAuditLog(stores.postgres).list({ partnerId, topicId: topic, limit: 20 });
    expect(rows.filter((row) => row.action === 'grant.declined')).toMatchObject([{ subjectId: grant.id }]);
  }
});
