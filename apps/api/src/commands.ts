import { randomBytes } from 'node:crypto';
import { newId } from '@anika/core/ids';
import { openWebhookKeys } from '@anika/destinations/webhook/open-endpoints';
import { systemClock } from '@anika/runtime/clock';
import { ConfigError } from '@anika/runtime/config';
import type { Logger } from '@anika/runtime/logger';
import { createSecretBox } from '@anika/runtime/secret-box';
import { connectMongo } from '@anika/stores/mongo/client';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { createWordBlockStore } from '@anika/stores/mongo/word-blocks';
import { connectPostgres, type Postgres } from '@anika/stores/postgres/client';
import { migrateDatabase } from '@anika/stores/postgres/migrate';
import { createOperatorStore } from '@anika/stores/postgres/operators';
import { requirePostgres } from '@anika/stores/postgres/require-postgres';
import { requireSecretKeys } from '@anika/stores/postgres/require-secret-keys';
import { createRoutingStore } from '@anika/stores/postgres/routing';
import { createSealedSecretStore } from '@anika/stores/postgres/sealed-secrets';
import { createSigningKeyStore } from '@anika/stores/postgres/signing-keys';
import { createWebhookKeyStore } from '@anika/stores/postgres/webhook-keys';
import { createPasswords } from './auth/passwords.ts';
import { createSigningKeys } from './auth/signing-keys.ts';
import type { ApiConfig } from './config.ts';
import { openReceiptKeys } from './deps-receipts.ts';
import { createIndexWords } from './messages/index-words.ts';

type Command = (config: ApiConfig, logger: Logger) => Promise<void>;

/** What the program does instead of serving, by its first argument. Each may be repeated. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  /** Brings PostgreSQL up to date. */
  async migrate(config, logger) {
    const applied = await migrateDatabase(config.DATABASE_URL);
    logger.info({ applied }, 'the database is up to date');
    // The migration engine leaves a timer of ten seconds behind that nothing can clear.
    process.exit();
  },

  /** Seals what is stored with the first of ANIKA_SECRET_KEYS; then the others are not needed any more. */
  reseal: withPostgres(async (postgres, config, logger) => {
    const box = createSecretBox(config.ANIKA_SECRET_KEYS);
    const resealed = await createSealedSecretStore(postgres).resealAll({
      again: (sealed, context) =>
        box.isOld(sealed) ? box.seal(box.open(sealed, context), context) : undefined,
      seal: box.seal,
    });
    logger.info({ resealed }, 'everything is sealed with the first key');
  }),

  /** A new key for access tokens; the one before verifies for another day. */
  'rotate-signing-key': withPostgres(async (postgres, config, logger) => {
    const secretBox = createSecretBox(config.ANIKA_SECRET_KEYS);
    const store = createSigningKeyStore(postgres);
    await createSigningKeys({ store, secretBox, clock: systemClock }).rotate();
    logger.info('new access tokens are signed with a new key within a minute');
  }),

  /** A new key for webhooks that are signed with ed25519; the one before signs for another week. */
  'rotate-webhook-key': withPostgres(async (postgres, config, logger) => {
    const secretBox = createSecretBox(config.ANIKA_SECRET_KEYS);
    await openWebhookKeys({
      store: createWebhookKeyStore(postgres),
      secretBox,
      clock: systemClock,
    }).rotate();
    logger.info('webhooks are signed with a new key too within a minute');
  }),

  /** A new key for receipts; what those before it have signed can still be verified. */
  'rotate-receipt-key': withPostgres(async (postgres, config, logger) => {
    const secretBox = createSecretBox(config.ANIKA_SECRET_KEYS);
    await openReceiptKeys({ postgres, secretBox, clock: systemClock }).rotate();
    logger.info('receipts are signed with a new key within a minute');
  }),

  /** The words of all messages anew: after an upgrade from a version that kept them in the messages, or a loss. */
  'index-words': withPostgres(async (postgres, config, logger) => {
    const mongo = connectMongo({ url: config.MONGODB_URL });
    try {
      await mongo.prepare();
      const blocks = createWordBlockStore(mongo);
      const messages = createMessageStore(mongo);
      let said = 0;
      const index = createIndexWords({
        topicIds: async () => (await createRoutingStore(postgres).retentions()).map(({ id }) => id),
        messagesAfter: messages.listAfter,
        storeData: messages.storeData,
        insertBlocks: blocks.insert,
        removeBlocks: blocks.removeStoredBefore,
        progress: (count) => {
          if (count < said + 10_000) return;
          said = count;
          logger.info({ messages: count }, 'indexing words');
        },
        clock: systemClock,
      });
      logger.info({ messages: await index() }, 'the words of all messages are indexed');
    } finally {
      await mongo.close();
    }
  }),

  /** Makes the operator of the settings, or gives an existing one the password there and ends its sessions. */
  'set-operator': withPostgres(async (postgres, config, logger) => {
    const { ANIKA_OPERATOR_PASSWORD: password } = config;
    if (password === undefined) throw new ConfigError('set-operator needs ANIKA_OPERATOR_PASSWORD');
    const email = operatorEmail(config, 'set-operator');
    const passwordHash = await createPasswords().hash(password);
    const operator = { id: newId('usr', systemClock.now(), randomBytes(10)), email, passwordHash };
    const outcome = await createOperatorStore(postgres).set(operator, systemClock.now());
    if (outcome === 'taken') throw new ConfigError(`${email} belongs to a user of a partner`);
    logger.info({ email }, outcome === 'created' ? 'created the operator' : 'changed its password');
  }),

  /** Removes the operator of the settings, unless it is the last one. */
  'remove-operator': withPostgres(async (postgres, config, logger) => {
    const email = operatorEmail(config, 'remove-operator');
    const outcome = await createOperatorStore(postgres).remove(email, systemClock.now());
    if (outcome === 'unknown') throw new ConfigError(`there is no operator ${email}`);
    if (outcome === 'last') throw new ConfigError(`${email} is the last operator: set another one first`);
    logger.info({ email }, 'removed the operator');
  }),
};

function operatorEmail({ ANIKA_OPERATOR_EMAIL: email }: ApiConfig, command: string): string {
  if (email === undefined) throw new ConfigError(`${command} needs ANIKA_OPERATOR_EMAIL`);
  return email;
}

function withPostgres(
  work: (postgres: Postgres, config: ApiConfig, logger: Logger) => Promise<void>,
): Command {
  return async (config, logger) => {
    const postgres = connectPostgres({ url: config.DATABASE_URL });
    try {
      await requirePostgres(postgres);
      await requireSecretKeys(postgres, createSecretBox(config.ANIKA_SECRET_KEYS));
      await work(postgres, config, logger);
    } finally {
      await postgres.close();
    }
  };
}
