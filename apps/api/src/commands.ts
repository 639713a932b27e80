import { systemClock } from '@anika/runtime/clock';
import type { Logger } from '@anika/runtime/logger';
import { createSecretBox } from '@anika/runtime/secret-box';
import { connectPostgres, type Postgres } from '@anika/stores/postgres/client';
import { applyMigrations } from '@anika/stores/postgres/migrate';
import { createSealedSecretStore } from '@anika/stores/postgres/sealed-secrets';
import { createSigningKeyStore } from '@anika/stores/postgres/signing-keys';
import { createSigningKeys } from './auth/signing-keys.ts';
import type { ApiConfig } from './config.ts';

type Command = (config: ApiConfig, logger: Logger) => Promise<void>;

/** What the program does instead of serving, by its first argument. Each may be repeated. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  /** Brings PostgreSQL up to date. */
  async migrate(config, logger) {
    const applied = await applyMigrations(config.DATABASE_URL);
    logger.info({ applied }, 'the database is up to date');
    // The migration engine leaves a timer of ten seconds behind that nothing can clear.
    process.exit();
  },

  /** Seals what is stored with the first of ANIKA_SECRET_KEYS; then the others are not needed any more. */
  reseal: withPostgres(async (postgres, config, logger) => {
    const box = createSecretBox(config.ANIKA_SECRET_KEYS);
    const resealed = await createSealedSecretStore(postgres).resealAll((sealed, context) =>
      box.isOld(sealed) ? box.seal(box.open(sealed, context), context) : undefined,
    );
    logger.info({ resealed }, 'everything is sealed with the first key');
  }),

  /** A new key for access tokens; the one before verifies for another day. */
  'rotate-signing-key': withPostgres(async (postgres, config, logger) => {
    const secretBox = createSecretBox(config.ANIKA_SECRET_KEYS);
    const store = createSigningKeyStore(postgres);
    await createSigningKeys({ store, secretBox, clock: systemClock }).rotate();
    logger.info('new access tokens are signed with a new key within a minute');
  }),
};

function withPostgres(
  work: (postgres: Postgres, config: ApiConfig, logger: Logger) => Promise<void>,
): Command {
  return async (config, logger) => {
    const postgres = connectPostgres({ url: config.DATABASE_URL });
    try {
      await work(postgres, config, logger);
    } finally {
      await postgres.close();
    }
  };
}
