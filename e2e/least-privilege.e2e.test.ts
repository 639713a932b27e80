import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { withClient } from '@anika/testkit/template';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnMongod, startGuardedMongod } from './support/mongod.ts';
import { isListening, type Program, runToEnd, startProgram } from './support/program.ts';
import { redisServer } from './support/redis.ts';
import { createScene } from './support/scene.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

let databases: TestDatabases;
let receiver: Receiver;
let mongo: OwnMongod;
let redis: { url: string; admin: Redis; stop(): void };
let programs: Program[] = [];
let settings: Record<string, string>;
let appUrl: string;
let migrateUrl: string;

const as = (user: string) => databases.databaseUrl.replace(/\/\/[^@/]*@/, `//${user}:a-password@`);

beforeAll(async () => {
  [databases, receiver] = await Promise.all([createTestDatabases(), startReceiver()]);
  await withClient(databases.databaseUrl, async (client) => {
    await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await client.query(rolesSql());
  });
  [appUrl, migrateUrl] = [as('anika_app'), as('anika_migrate')];
  mongo = await startGuardedMongod(databases.mongodbUrl, mongoUser('a-password'));
  redis = await startGuardedRedis();
  settings = {
    DATABASE_URL: appUrl,
    MONGODB_URL: `mongodb://anika:a-password@127.0.0.1:${mongo.port}/anika?replicaSet=anika`,
    REDIS_URL: redis.url,
    ANIKA_QUEUE_PREFIX: 'anika',
  };
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  redis.stop();
  await Promise.all([mongo.stop(), receiver.close()]);
  await databases.drop();
});

describe('with the rights that deploy/ and docker-compose.yml give the programs, and no more,', () => {
  it('a database is migrated, and messages are published, delivered, searched and kept in order', async () => {
    const migrated = await runToEnd('api', {
      databases,
      settings: { ...settings, DATABASE_URL: migrateUrl },
      command: 'migrate',
    });
    expect(migrated, migrated.output).toMatchObject({ code: 0 });
    programs = await Promise.all([
      startProgram('api', { databases, settings }),
      startProgram('dispatcher', { databases, settings: { ...settings, ANIKA_SWEEP_SECONDS: '1' } }),
    ]);
    const scene = await createScene(programs[0]?.url ?? '');
    const subscription = await scene.subscribe(receiver);
    for (let n = 0; n < 10; n += 1) await scene.publish({ model: 'Лада', n });
    await receiver.waitFor(10, 30_000);
    const { call } = scene.client;
    const token = scene.reader.token;
    const found = async () =>
      (await call('GET', `/v1/messages?topicId=${scene.topicId}&q=лада`, { token })).body.items.length;
    await expect.poll(found).toBe(10);
    const path = `/v1/subscriptions/${subscription.id}`;
    expect((await call('POST', `${path}/redrive`, { token, body: {} })).status).toBeLessThan(300);
    expect((await call('POST', `${path}/pause`, { token })).status).toBe(200);
    expect((await call('DELETE', path, { token })).status).toBe(204);
    expect((await call('DELETE', `/v1/topics/${scene.topicId}`, { token: scene.owner.token })).status).toBe(
      204,
    );
  });

  it('Redis has refused the programs no command', async () => {
    expect(await redis.admin.acl('LOG')).toEqual([]);
  });

  it.each([
    ['rewrite the audit log', "UPDATE audit_entries SET action = 'x'"],
    ['remove entries', 'DELETE FROM audit_entries'],
    ['rewrite the chains of companies', "UPDATE audit_links SET own_hash = 'x'"],
    ['remove them from a chain', 'DELETE FROM audit_links'],
    ['empty the log', 'TRUNCATE audit_links, audit_entries'],
    ['lock it away', 'BEGIN; LOCK TABLE audit_entries IN ACCESS EXCLUSIVE MODE'],
    ['change tables', 'ALTER TABLE audit_entries DISABLE TRIGGER ALL'],
    ['make tables', 'CREATE TABLE mine (x int)'],
    ['pretend migrations', 'DELETE FROM _prisma_migrations'],
    ['read files', "SELECT pg_read_file('postgresql.conf')"],
  ])('the role of the programs cannot %s', async (_, sql) => {
    const attempt = withClient(appUrl, (client) => client.query(sql));
    await expect(attempt).rejects.toThrow(/permission denied|must be owner/);
  });

  it('the role of the programs has a time limit for its statements', async () => {
    const { rows } = await withClient(appUrl, (client) => client.query('SHOW statement_timeout'));
    expect(rows).toEqual([{ statement_timeout: '10s' }]);
  });
});

/** The file as psql runs it; roles belong to the server and may be there from another run. */
function rolesSql(): string {
  return read('deploy/postgres/roles.sql')
    .replaceAll(/:'(migrate|app)_password'/g, "'a-password'")
    .replaceAll(
      /^CREATE (ROLE .*);$/gm,
      (_, role: string) =>
        `DO $$ BEGIN CREATE ${role}; EXCEPTION WHEN duplicate_object THEN ALTER ${role}; END $$;`,
    );
}

/** What the script gives to mongosh. */
function mongoUser(password: string): { db: string; document: Record<string, unknown> } {
  const given: { db: string; document: Record<string, unknown> }[] = [];
  const db = {
    getSiblingDB: (name: string) => ({
      createUser: (document: Record<string, unknown>) => void given.push({ db: name, document }),
    }),
  };
  runInContext(
    read('deploy/mongo/user.js'),
    createContext({ db, process: { env: { MONGO_APP_PASSWORD: password } } }),
  );
  return given[0] ?? expect.unreachable();
}

/** With the user of docker-compose.yml, and one that may look at what was refused. */
async function startGuardedRedis() {
  const [, rights = ''] = /^ +user anika on >\S+ (.+)$/m.exec(read('docker-compose.yml')) ?? [];
  const port = await freePort();
  const child = spawn(await redisServer(), ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin?.end(
    [
      `port ${port}`,
      'bind 127.0.0.1',
      'save ""',
      'user default off',
      `user anika on >a-password ${rights}`,
      'user admin on >a-password ~* &* +@all',
      '',
    ].join('\n'),
  );
  await eventually(() => isListening(port));
  const admin = new Redis(`redis://admin:a-password@127.0.0.1:${port}`);
  return {
    url: `redis://anika:a-password@127.0.0.1:${port}`,
    admin,
    stop: () => {
      admin.disconnect();
      child.kill('SIGKILL');
    },
  };
}
