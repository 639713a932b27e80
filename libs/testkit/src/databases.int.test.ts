import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { createTestDatabases } from './databases.ts';
import { withClient } from './template.ts';

describe('createTestDatabases()', () => {
  it('gives each caller a migrated PostgreSQL database of its own, also at the same time', async () => {
    const all = await Promise.all([createTestDatabases(), createTestDatabases(), createTestDatabases()]);
    expect(new Set(all.map((databases) => databases.databaseUrl)).size).toBe(3);
    for (const { databaseUrl } of all) {
      const { rows } = await withClient(databaseUrl, (client) =>
        client.query('select count(*)::int as migrations from _prisma_migrations'),
      );
      expect(rows[0].migrations).toBeGreaterThan(0);
    }
    await Promise.all(all.map((databases) => databases.drop()));
  });

  it('leaves nothing behind in any of the three stores', async () => {
    const databases = await createTestDatabases();
    const redis = new Redis(databases.redisUrl);
    const mongo = new MongoClient(databases.mongodbUrl);
    await mongo.db().collection('things').insertOne({ n: 1 });
    await redis.set(`${databases.queuePrefix}:deliver:id`, '1');

    await databases.drop();

    expect(await redis.keys(`${databases.queuePrefix}*`)).toEqual([]);
    expect(await mongo.db().collection('things').countDocuments()).toBe(0);
    await expect(withClient(databases.databaseUrl, async () => undefined)).rejects.toThrow('does not exist');
    await mongo.close();
    redis.disconnect();
  });
});
