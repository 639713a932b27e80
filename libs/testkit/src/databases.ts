import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { readServers, type ServerUrls } from './servers.ts';
import { templateName, withClient, withDatabase } from './template.ts';

/** Stores that one test file has to itself. */
export interface TestDatabases extends ServerUrls {
  readonly queuePrefix: string;
  /** Removes all of it; call it after everything that uses it is closed. */
  drop(): Promise<void>;
}

/** A migrated PostgreSQL database, an empty MongoDB database, and a prefix for the keys in Redis. */
export async function createTestDatabases(servers: ServerUrls = readServers()): Promise<TestDatabases> {
  const name = testName(Date.now());
  await withClient(servers.databaseUrl, (client) =>
    client.query(`create database ${name} template ${templateName()}`),
  );
  const databaseUrl = withDatabase(servers.databaseUrl, name);
  const mongodbUrl = withDatabase(servers.mongodbUrl, name);
  return {
    databaseUrl,
    mongodbUrl,
    redisUrl: servers.redisUrl,
    queuePrefix: name.replaceAll('_', '-'),
    async drop() {
      await Promise.all([
        dropPostgres(servers.databaseUrl, name),
        dropMongodb(mongodbUrl),
        dropKeys(servers.redisUrl, name.replaceAll('_', '-')),
      ]);
    },
  };
}

const PREFIX = 'anika_test_';
const ABANDONED_AFTER_MS = 3 * 60 * 60 * 1000;

function testName(nowMs: number): string {
  return `${PREFIX}${nowMs.toString(36)}_${randomBytes(4).toString('hex')}`;
}

/** Drops the databases that runs of hours ago left behind when they were killed. */
export async function dropAbandoned({ databaseUrl, mongodbUrl }: ServerUrls, nowMs: number): Promise<void> {
  const isAbandoned = (name: string) =>
    name.startsWith(PREFIX) &&
    nowMs - Number.parseInt(name.slice(PREFIX.length).split('_')[0] ?? '', 36) > ABANDONED_AFTER_MS;
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ datname: string }>('select datname from pg_database'),
  );
  for (const { datname } of rows) if (isAbandoned(datname)) await dropPostgres(databaseUrl, datname);
  await withMongo(mongodbUrl, async (client) => {
    const { databases } = await client.db().admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (isAbandoned(name)) await client.db(name).dropDatabase();
  });
}

async function dropPostgres(serverUrl: string, name: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
}

async function dropMongodb(url: string): Promise<void> {
  await withMongo(url, (client) => client.db().dropDatabase());
}

async function withMongo<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function dropKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 500 })) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
