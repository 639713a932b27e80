import { createSecretBox } from '@anika/runtime/secret-box';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectPostgres, type Postgres } from './client.ts';
import { requirePostgres } from './require-postgres.ts';
import { requireSecretKeys } from './require-secret-keys.ts';
import { createSealedSecretStore } from './sealed-secrets.ts';

let databases: TestDatabases;
let postgres: Postgres;

beforeAll(async () => {
  databases = await createTestDatabases();
  postgres = connectPostgres({ url: databases.databaseUrl });
});

afterAll(async () => {
  await postgres.close();
  await databases.drop();
});

const box = (...keys: readonly [string, number][]) =>
  createSecretBox(new Map(keys.map(([id, fill]) => [id, Buffer.alloc(32, fill)])));

describe('requireSecretKeys()', () => {
  beforeEach(async () => {
    await postgres.db.installation.updateMany({ data: { secret: null } });
    await postgres.db.signingKey.deleteMany();
  });

  it('takes the keys of the first process for those of the installation', async () => {
    await requireSecretKeys(postgres, box(['k1', 7]));
    await requireSecretKeys(postgres, box(['k1', 7]));
    await requireSecretKeys(postgres, box(['k2', 9], ['k1', 7]));
    await requireSecretKeys(postgres, box(['k1', 7], ['k2', 9]));
  });

  it.each([
    ['with another id', box(['k9', 7])],
    ['with the same id', box(['k1', 8])],
    ['among several', box(['k2', 1], ['k3', 2])],
  ])('refuses foreign keys %s, and says which key is needed', async (_, foreign) => {
    await requireSecretKeys(postgres, box(['k1', 7]));
    await expect(requireSecretKeys(postgres, foreign)).rejects.toThrow(/^ANIKA_SECRET_KEYS .*"k1".*Keys/);
  });

  it('refuses them too where secrets were sealed before there was a check', async () => {
    const kid = 'a-key';
    const privateKey = box(['k1', 7]).seal('pem', `signing-key:${kid}`);
    await postgres.db.signingKey.create({ data: { kid, privateKey, publicJwk: {} } });
    await expect(requireSecretKeys(postgres, box(['k1', 8]))).rejects.toThrow('"k1"');
    expect((await postgres.db.installation.findFirst())?.secret).toBeNull();
    await requireSecretKeys(postgres, box(['k1', 7]));
  });

  it('of two processes with two keys that start together lets one in', async () => {
    const starts = [box(['k1', 7]), box(['k1', 8])].map((keys) => requireSecretKeys(postgres, keys));
    const outcomes = await Promise.allSettled(starts);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('asks for the new key alone once everything is sealed anew', async () => {
    await requireSecretKeys(postgres, box(['k1', 7]));
    const both = box(['k2', 9], ['k1', 7]);
    await expect(requireSecretKeys(postgres, box(['k2', 9]))).rejects.toThrow('"k1"');
    await createSealedSecretStore(postgres).resealAll({
      again: (sealed, context) =>
        both.isOld(sealed) ? both.seal(both.open(sealed, context), context) : undefined,
      seal: both.seal,
    });
    await requireSecretKeys(postgres, box(['k2', 9]));
    await expect(requireSecretKeys(postgres, box(['k1', 7]))).rejects.toThrow('"k2"');
  });
});

describe('requirePostgres()', () => {
  it('is content with a database that has all migrations, and with one of a newer version', async () => {
    await requirePostgres(postgres);
    await postgres.db.$executeRaw`
      INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', '', '9999_newer', now())`;
    await requirePostgres(postgres);
  });

  it('names the first migration that is missing, broken off or taken back', async () => {
    await postgres.db.$executeRaw`
      UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '0012_own_audit_chains'`;
    await expect(requirePostgres(postgres)).rejects.toThrow('lacks the migrations from 0012_own');
    await postgres.db.$executeRaw`DELETE FROM _prisma_migrations WHERE migration_name >= '0003'`;
    await expect(requirePostgres(postgres)).rejects.toThrow(
      /from 0003_\S+ on: run "node apps\/api\S+ migrate"/,
    );
  });

  it('says the same of an empty database', async () => {
    await withClient(databases.databaseUrl, (client) =>
      client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'),
    );
    await expect(requirePostgres(postgres)).rejects.toThrow(/from 0001_init on: run "node/);
  });
});
