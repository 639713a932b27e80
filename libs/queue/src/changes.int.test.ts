import type { Change } from '@anika/core/change';
import { createLogger } from '@anika/runtime/logger';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChanges } from './changes.ts';
import { connectRedis } from './redis.ts';

let databases: TestDatabases;

beforeAll(async () => {
  databases = await createTestDatabases();
});

afterAll(() => databases.drop());

it('what cannot be read on the channel is passed over, and the next change is heard', async () => {
  const url = databases.redisUrl;
  const prefix = databases.queuePrefix;
  const publisher = connectRedis({ url, role: 'producer' });
  const subscriber = connectRedis({ url, role: 'subscriber' });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const changes = createChanges({ publisher, subscriber, prefix, logger });
  const heard: Change[] = [];
  changes.onChange((change) => void heard.push(change));
  await expect.poll(() => publisher.publish(`${prefix}:changes`, 'no JSON').catch(() => 0)).toBe(1);
  await publisher.publish(`${prefix}:changes`, '{"kind":"moon","id":"1"}');
  await publisher.publish(`${prefix}:changes`, '{"kind":"user","id":"usr_1"}');
  await expect.poll(() => heard).toEqual([{ kind: 'user', id: 'usr_1' }]);
  await changes.close();
  publisher.disconnect();
});
