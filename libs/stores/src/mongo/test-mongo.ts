import { randomBytes } from 'node:crypto';
import { type IdPrefix, newId } from '@anika/core/ids';
import { createTestDatabases } from '@anika/testkit/databases';
import { connectMongo } from './client.ts';

export const NOW_MS = Date.UTC(2026, 0, 1);

export function id<P extends IdPrefix>(prefix: P, atMs = NOW_MS) {
  return newId(prefix, atMs, randomBytes(16));
}

/** A database for one test file, with its indexes. */
export async function openTestMongo() {
  const databases = await createTestDatabases();
  const mongo = connectMongo({ url: databases.mongodbUrl });
  await mongo.prepare();
  return {
    mongo,
    mongodbUrl: databases.mongodbUrl,
    async close() {
      await mongo.close();
      await databases.drop();
    },
  };
}

export type TestMongo = Awaited<ReturnType<typeof openTestMongo>>;
