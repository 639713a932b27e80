import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import type { TestDatabases } from './databases.ts';
import { eventually } from './eventually.ts';
import { withClient } from './template.ts';

/** All that the stores of a test hold, one text for each row, document or key, under the place it is in. */
export type Contents = ReadonlyMap<string, readonly string[]>;

/** What the process of an API writes on its own, some time after a request. */
const LATER = new Set(['last_used_at']);
/** What processes say of themselves, every few seconds. */
const OF_PROCESSES = 'processes';

/** Of PostgreSQL and MongoDB, once what was published is settled: equal before and after a request that changes nothing. */
export async function readTruth(databases: TestDatabases): Promise<Contents> {
  const [postgres, mongodb] = await Promise.all([
    readPostgres(databases.databaseUrl),
    readMongodb(databases.mongodbUrl),
  ]);
  return new Map([...postgres, ...mongodb]);
}

/** Of all three stores, to look for what must not be in them. */
export async function readEverything(databases: TestDatabases): Promise<Contents> {
  const redis = await readRedis(databases.redisUrl, databases.queuePrefix);
  return new Map([...(await readTruth(databases)), ...redis]);
}

function textOf(row: object): string {
  return JSON.stringify(row, (name, value: unknown) => (LATER.has(name) ? undefined : value));
}

function readPostgres(url: string): Promise<Contents> {
  return withClient(url, async (client) => {
    const tables = await client.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`,
    );
    const contents = new Map<string, string[]>();
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: object }>(`select to_jsonb(t) as row from ${name} t`);
      contents.set(`postgres ${name}`, rows.map(({ row }) => textOf(row)).sort());
    }
    return contents;
  });
}

async function readMongodb(url: string): Promise<Contents> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    await eventually(async () => {
      const open = await client
        .db()
        .collection('messages')
        .countDocuments({ pendingSince: { $exists: true } });
      return open === 0 ? true : undefined;
    });
    const collections = await client.db().listCollections({}, { nameOnly: true }).toArray();
    const contents = new Map<string, string[]>();
    for (const { name } of collections) {
      if (name === OF_PROCESSES) continue;
      const documents = await client.db().collection(name).find().toArray();
      contents.set(`mongodb ${name}`, documents.map(textOf).sort());
    }
    return contents;
  } finally {
    await client.close();
  }
}

async function readRedis(url: string, prefix: string): Promise<Contents> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    const contents = new Map<string, string[]>();
    for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 500 })) {
      for (const key of keys as string[]) contents.set(`redis ${key}`, [key, await textAt(redis, key)]);
    }
    return contents;
  } finally {
    redis.disconnect();
  }
}

async function textAt(redis: Redis, key: string): Promise<string> {
  const read: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, 0, '-1'),
    stream: () => redis.xrange(key, '-', '+'),
  };
  const type = await redis.type(key);
  if (type === 'none') return ''; // gone since it was listed
  const reader = read[type];
  if (reader === undefined) throw new Error(`the key ${key} is of an unknown type: ${type}`);
  return JSON.stringify(await reader());
}
