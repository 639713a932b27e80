import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createApiKeyStore } from '@anika/stores/postgres/api-keys';
import { createOperatorStore } from '@anika/stores/postgres/operators';
import { createSessionStore } from '@anika/stores/postgres/sessions';
import { createSigningKeyStore } from '@anika/stores/postgres/signing-keys';
import { createLastUsed } from './api-keys/last-used.ts';
import { createAccessTokens } from './auth/access-tokens.ts';
import { authRoutes } from './auth/auth.routes.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { createPasswords } from './auth/passwords.ts';
import { createSigningKeys } from './auth/signing-keys.ts';
import { totpRoutes } from './auth/totp.routes.ts';
import type { ApiConfig } from './config.ts';
import { composeAccounts } from './deps-accounts.ts';
import { composePeople } from './deps-people.ts';
import { openReceiptKeys } from './deps-receipts.ts';
import { startTidying } from './deps-tidying.ts';
import { createBrowserSessions } from './http/browser-session.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createEnsureOperator } from './users/ensure-operator.ts';

export type Auth = ReturnType<typeof composeAuth>;

/** The auth part; every process authenticates for itself, also those that do not serve its routes. */
export function composeAuth(config: ApiConfig, infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { postgres, clock, changes, secretBox } = infrastructure;
  const { ANIKA_PUBLIC_URL: publicUrl } = config;
  const passwords = createPasswords();
  const signingKeys = createSigningKeys({ store: createSigningKeyStore(postgres), secretBox, clock });
  const tokens = createAccessTokens({ keys: signingKeys, issuer: publicUrl, clock });
  const apiKeys = createApiKeyStore(postgres);
  const lastUsed = createLastUsed({ touch: apiKeys.touch, clock });
  const authenticate = createAuthenticate({
    tokens,
    findSession: createSessionStore(postgres).find,
    findKey: apiKeys.findByHash,
    keyUsed: lastUsed.mark,
    clock,
  });
  changes.onChange(authenticate.forget);
  const accounts = composeAccounts(config, infrastructure, { passwords, tokens });
  const { sessions, account, factors } = accounts;
  startTidying(infrastructure, lifecycle, { ...accounts, lastUsed });
  const store = createOperatorStore(postgres);
  const browser = createBrowserSessions({ secretBox, publicUrl });
  return {
    authenticate,
    browser,
    sessions,
    ensureOperator: createEnsureOperator({ ...infrastructure, store, passwords }),
    operatorSessions: { find: authenticate.bySession, end: account.endSession },
    routes: [
      ...authRoutes({ ...accounts, browser, signingKeys, receiptKeys: openReceiptKeys(infrastructure) }),
      ...totpRoutes({ factors, sessions, browser }),
      ...composePeople(config, infrastructure, { passwords, hasSecondFactor: factors.isOn }),
    ],
  };
}
