import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createApiKeyStore } from '@anika/stores/postgres/api-keys';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { createOperatorStore } from '@anika/stores/postgres/operators';
import { createPartnerStore } from '@anika/stores/postgres/partners';
import { createRefreshTokenStore } from '@anika/stores/postgres/refresh-tokens';
import { createSigningKeyStore } from '@anika/stores/postgres/signing-keys';
import { createUserStore } from '@anika/stores/postgres/users';
import { apiKeyRoutes } from './api-keys/api-keys.routes.ts';
import { createApiKeys } from './api-keys/api-keys.ts';
import { createLastUsed } from './api-keys/last-used.ts';
import { createAccessTokens } from './auth/access-tokens.ts';
import { authRoutes } from './auth/auth.routes.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { createPasswords } from './auth/passwords.ts';
import { createSessions } from './auth/sessions.ts';
import { createSigningKeys } from './auth/signing-keys.ts';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { partnerRoutes } from './partners/partners.routes.ts';
import { createPartners } from './partners/partners.ts';
import { userRoutes } from './users/users.routes.ts';
import { createUsers } from './users/users.ts';

const LAST_USED_EVERY_MS = 30_000;
const EXPIRED_TOKENS_EVERY_MS = 3_600_000;
const LOGIN_PAIR = { name: 'login-pair', points: 10, perSeconds: 900 };
const LOGIN_ADDRESS = { name: 'login-address', points: 100, perSeconds: 900 };

export type Auth = ReturnType<typeof composeAuth>;

/** The auth part; every process authenticates for itself, also those that do not serve its routes. */
export function composeAuth(config: ApiConfig, infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { postgres, clock, newId, changes, secretBox, rateLimit, logger } = infrastructure;
  const users = createUserStore(postgres);
  const apiKeys = createApiKeyStore(postgres);
  const refreshTokens = createRefreshTokenStore(postgres);
  const audit = createAuditLog(postgres);
  const passwords = createPasswords();
  const signingKeys = createSigningKeys({ store: createSigningKeyStore(postgres), secretBox, clock });
  const tokens = createAccessTokens({ keys: signingKeys, issuer: config.ANIKA_PUBLIC_URL, clock });
  const lastUsed = createLastUsed({ touch: apiKeys.touch, clock });
  const authenticate = createAuthenticate({
    tokens,
    findUser: users.find,
    findKey: apiKeys.findByHash,
    keyUsed: lastUsed.mark,
    clock,
  });
  changes.onChange(authenticate.forget);

  const every = (ms: number, what: string, work: () => Promise<unknown>) => {
    const timer = setInterval(() => {
      work().catch((error: unknown) => logger.warn({ err: error }, `${what}: will be tried again`));
    }, ms).unref();
    lifecycle.onClose(what, async () => clearInterval(timer));
  };
  every(LAST_USED_EVERY_MS, 'last use of API keys', lastUsed.flush);
  every(EXPIRED_TOKENS_EVERY_MS, 'expired refresh tokens', () => refreshTokens.deleteExpired(clock.now()));
  lifecycle.onClose('last use of API keys, the rest', lastUsed.flush);

  const sessions = createSessions({
    users,
    refreshTokens,
    passwords,
    tokens,
    throttle: { pair: rateLimit(LOGIN_PAIR), address: rateLimit(LOGIN_ADDRESS) },
    recordLogin: (by, outcome) =>
      audit.appendEvent(
        { by, atMs: clock.now() },
        {
          action: `login.${outcome}`,
          subjectId: by.userId,
          partnerIds: by.partnerId === undefined ? [] : [by.partnerId],
        },
      ),
    newFamilyId: randomUUID,
    clock,
  });
  const announce = changes.announce;
  return {
    authenticate,
    sessions,
    users,
    routes: [
      ...authRoutes({ sessions, signingKeys }),
      ...partnerRoutes(
        createPartners({ store: createPartnerStore(postgres), passwords, announce, newId, clock }),
      ),
      ...userRoutes(createUsers({ store: users, passwords, announce, newId, clock })),
      ...apiKeyRoutes(createApiKeys({ store: apiKeys, announce, newId, clock })),
    ],
    /** The first operator comes from the settings; one that exists stays as it is. */
    async ensureOperator(): Promise<void> {
      const { ANIKA_OPERATOR_EMAIL: email, ANIKA_OPERATOR_PASSWORD: password } = config;
      if (email === undefined || password === undefined) return;
      const operator = {
        id: newId('usr'),
        email,
        passwordHash: await passwords.hash(password),
      };
      const outcome = await createOperatorStore(postgres).ensure(operator, clock.now());
      if (outcome === 'created') logger.info('created the first operator');
      if (outcome === 'taken') {
        logger.error('no operator created: ANIKA_OPERATOR_EMAIL belongs to a user of a partner');
      }
    },
  };
}
