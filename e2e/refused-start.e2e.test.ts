import { spawn } from 'node:child_process';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOwnMongod } from './support/mongod.ts';
import { runToEnd, startProgram } from './support/program.ts';
import { redisServer, startOwnRedis, startSentinel } from './support/redis.ts';

const PROGRAMS = ['api', 'dispatcher'] as const;

let databases: TestDatabases;

beforeAll(async () => {
  databases = await createTestDatabases();
  // What an installation looks like once it has run.
  const api = await startProgram('api', { databases });
  await api.stop();
});

afterAll(() => databases.drop());

/** One sentence, at most a few with the settings, and a failing code: whatever restarts it says the same again. */
async function expectRefusal(settings: Readonly<Record<string, string>>, words: RegExp): Promise<void> {
  const ends = await Promise.all(
    PROGRAMS.map(async (app) => ({ app, ...(await runToEnd(app, { databases, settings })) })),
  );
  for (const { app, code, output } of ends) {
    expect({ app, code, output: output.trim() }).toEqual({
      app,
      code: 1,
      output: expect.stringMatching(words),
    });
    // Listeners for changes and for pulls may each have said in a line that they cannot listen yet.
    expect(output.length).toBeLessThan(2500);
  }
}

describe('a program refuses to start, in a sentence that says what to do,', () => {
  it('with keys of another installation, under another id or under the same', async () => {
    const foreign = Buffer.alloc(32, 1).toString('base64');
    await expectRefusal({ ANIKA_SECRET_KEYS: `k9:${foreign}` }, /^ANIKA_SECRET_KEYS .*"k1".*"Keys"/);
    await expectRefusal({ ANIKA_SECRET_KEYS: `k1:${foreign}` }, /^ANIKA_SECRET_KEYS .*"k1".*"Keys"/);
    const command = {
      databases,
      settings: { ANIKA_SECRET_KEYS: `k9:${foreign}` },
      command: 'rotate-signing-key',
    };
    expect(await runToEnd('api', command)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^ANIKA_SECRET/),
    });
  });

  it('on a database without its migrations', async () => {
    const empty = await createTestDatabases();
    await withClient(empty.databaseUrl, (client) =>
      client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'),
    );
    await expectRefusal(
      { DATABASE_URL: empty.databaseUrl },
      /^The database .*: run "node .* migrate" first\.$/,
    );
    const command = { databases: empty, command: 'rotate-signing-key' };
    expect((await runToEnd('api', command)).output).toMatch(/ migrate" first\.$/m);
    await empty.drop();
  });

  it.each([
    ['PostgreSQL', 'DATABASE_URL', 'postgresql://a@127.0.0.1:1/a'],
    ['MongoDB', 'MONGODB_URL', 'mongodb://127.0.0.1:1/a'],
  ])('when %s is away', async (name, variable, url) => {
    await expectRefusal(
      { [variable]: url },
      new RegExp(`^${name} is unavailable .*: start it, or mend its address`),
    );
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'a user',
      () => ({ DATABASE_URL: databases.databaseUrl.replace(/\/\/[^@/]*@/, '//nobody:wrong@') }),
      /^PostgreSQL refuses what DATABASE_URL says: .*nobody/,
    ],
    [
      'a database',
      () => ({ DATABASE_URL: databases.databaseUrl.replace(/\/[^/]*$/, '/nothing') }),
      /^PostgreSQL refuses what DATABASE_URL says: .*nothing/,
    ],
    [
      'another user',
      () => ({ MONGODB_URL: databases.mongodbUrl.replace('//', '//nobody:wrong@') }),
      /^MongoDB refuses what MONGODB_URL says: /,
    ],
  ])('with %s that a store does not know', async (_, settings, words) => {
    await expectRefusal(settings(), words);
  });

  it.each<[string, string[], RegExp]>([
    [
      'is a node of a cluster',
      ['--cluster-enabled', 'yes'],
      /^REDIS_URL names a node of a Redis Cluster.*\.$/,
    ],
    [
      'evicts',
      ['--maxmemory-policy', 'allkeys-lru'],
      /^Redis throws away keys.*set maxmemory-policy to noeviction\.$/,
    ],
    ['evicts what expires', ['--maxmemory-policy', 'volatile-ttl'], /^Redis throws away keys.* volatile-ttl/],
    [
      'wants a password',
      ['--requirepass', 'secret'],
      /^Redis refuses the user of REDIS_URL \(NOAUTH\).*\.$/m,
    ],
    ['is a replica', ['--replicaof', '127.0.0.1', '1'], /^REDIS_URL names a replica.*\.$/],
  ])('on a Redis that %s', async (_, settings, words) => {
    const redis = await startOwnRedis(settings);
    await expectRefusal({ REDIS_URL: redis.url }, words);
    await redis.remove();
  });

  it('on a Sentinel', async () => {
    const sentinel = await startSentinel();
    await expectRefusal({ REDIS_URL: sentinel.url }, /^REDIS_URL names a Sentinel.*\.$/);
    await sentinel.stop();
  });

  it('on a MongoDB that is no replica set', async () => {
    const mongo = await startOwnMongod(databases.mongodbUrl);
    await expectRefusal(
      { MONGODB_URL: `mongodb://127.0.0.1:${mongo.port}/anika` },
      /^MongoDB .* replica set.*start mongod with --replSet.*\.$/,
    );
    await mongo.stop();
  });
});

it('a program starts where Redis is away, and says what is wrong with the one that comes', async () => {
  const port = await freePort();
  const api = await startProgram('api', { databases, settings: { REDIS_URL: `redis://127.0.0.1:${port}` } });
  const redis = spawn(
    await redisServer(),
    ['--port', String(port), '--maxmemory-policy', 'allkeys-lru', '--save', ''],
    {
      stdio: 'ignore',
    },
  );
  await eventually(async () => api.output().includes('set maxmemory-policy to noeviction'), {
    timeoutMs: 60_000,
  });
  expect(await api.stop()).toBe(0);
  redis.kill();
});
