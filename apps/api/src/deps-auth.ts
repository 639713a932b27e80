import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createAcceptInvitation } from '@anika/stores/postgres/accept-invitation';
import { createApiKeyStore } from '@anika/stores/postgres/api-keys';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { createInvitationStore } from '@anika/stores/postgres/invitations';
import { createOperatorStore } from '@anika/stores/postgres/operators';
import { createPartnerStore } from '@anika/stores/postgres/partners';
import { createRefreshTokenStore } from '@anika/stores/postgres/refresh-tokens';
import { createSessionStore } from '@anika/stores/postgres/sessions';
import { createSigningKeyStore } from '@anika/stores/postgres/signing-keys';
import { createUserStore } from '@anika/stores/postgres/users';
import { apiKeyRoutes } from './api-keys/api-keys.routes.ts';
import { createApiKeys } from './api-keys/api-keys.ts';
import { createLastUsed, type LastUsed } from './api-keys/last-used.ts';
import { type AccessTokens, createAccessTokens } from './auth/access-tokens.ts';
import { createAccount } from './auth/account.ts';
import { authRoutes } from './auth/auth.routes.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { createPasswords, type Passwords } from './auth/passwords.ts';
import { createSessions } from './auth/sessions.ts';
import { createSigningKeys } from './auth/signing-keys.ts';
import { totpRoutes } from './auth/totp.routes.ts';
import type { ApiConfig } from './config.ts';
import { type Accounts, composeAccounts } from './deps-accounts.ts';
import { openReceiptKeys } from './deps-receipts.ts';
import { createBrowserSessions } from './http/browser-session.ts';
import type { Infrastructure } from './infrastructure.ts';
import { invitationRoutes } from './invitations/invitations.routes.ts';
import { createInvitations } from './invitations/invitations.ts';
import { createMailInvitation } from './invitations/mail-invitation.ts';
import { partnerRoutes } from './partners/partners.routes.ts';
import { createPartners } from './partners/partners.ts';
import { userRoutes } from './users/users.routes.ts';
import { createUsers } from './users/users.ts';

const LAST_USED_EVERY_MS = 30_000;
const FAILED_LOGINS_LOOK_MS = 2000;
const EXPIRED_EVERY_MS = 3_600_000;
/** Invitations that have ended are shown for a while. */
const KEEP_INVITATIONS_MS = 30 * 24 * 3_600_000;
/** Whoever made more would send mail to people who never asked. */
const INVITATION_MAILS = {
  ofInviter: { points: 50, perSeconds: 3600 },
  ofAddress: { points: 5, perSeconds: 86_400 },
};

export type Auth = ReturnType<typeof composeAuth>;

/** The auth part; every process authenticates for itself, also those that do not serve its routes. */
export function composeAuth(config: ApiConfig, infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { postgres, clock, newId, changes, secretBox, logger } = infrastructure;
  const stores = openStores(infrastructure);
  const passwords = createPasswords();
  const signingKeys = createSigningKeys({ store: createSigningKeyStore(postgres), secretBox, clock });
  const tokens = createAccessTokens({ keys: signingKeys, issuer: config.ANIKA_PUBLIC_URL, clock });
  const lastUsed = createLastUsed({ touch: stores.apiKeys.touch, clock });
  const authenticate = createAuthenticate({
    tokens,
    findSession: stores.sessions.find,
    findKey: stores.apiKeys.findByHash,
    keyUsed: lastUsed.mark,
    clock,
  });
  changes.onChange(authenticate.forget);
  const accounts = composeAccounts(config, infrastructure, {
    passwords,
    users: stores.users,
    audit: stores.audit,
  });
  const { sessions, account } = composeSessions(infrastructure, { stores, passwords, tokens, accounts });
  keepTidy({ infrastructure, lifecycle, stores, lastUsed, accounts });

  const browser = createBrowserSessions({ secretBox, publicUrl: config.ANIKA_PUBLIC_URL });
  const shared = { passwords, announce: changes.announce, newId, clock };
  return {
    authenticate,
    /** By the sealed session of a cookie. */
    byCookie: (sealed = '', remoteAddress?: string) =>
      authenticate.byOpenSession(browser.sessionOf(sealed), remoteAddress),
    browser,
    sessions,
    operatorSessions: { find: authenticate.bySession, end: account.endSession },
    routes: [
      ...authRoutes({
        sessions,
        account,
        resetPassword: accounts.resetPassword,
        browser,
        signingKeys,
        receiptKeys: openReceiptKeys(infrastructure),
      }),
      ...totpRoutes({ factors: accounts.factors, sessions, browser }),
      ...partnerRoutes(
        createPartners({
          store: createPartnerStore(postgres),
          hasSecondFactor: accounts.hasSecondFactor,
          ...shared,
        }),
      ),
      ...invitationRoutes({
        invitations: createInvitations({
          store: stores.invitations,
          accept: createAcceptInvitation(postgres),
          mailInvitation: composeMailInvitation(config, infrastructure),
          ...shared,
        }),
        clock,
      }),
      ...userRoutes(createUsers({ store: stores.users, ...shared })),
      ...apiKeyRoutes(createApiKeys({ store: stores.apiKeys, ...shared })),
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

function composeMailInvitation(config: ApiConfig, { postbox, rateLimit, logger }: Infrastructure) {
  return createMailInvitation({
    post: postbox.post,
    publicUrl: config.ANIKA_PUBLIC_URL,
    ofInviter: rateLimit({ name: 'invitation-mails', ...INVITATION_MAILS.ofInviter }),
    ofAddress: rateLimit({ name: 'invitation-mails-address', ...INVITATION_MAILS.ofAddress }),
    failed: (error) => logger.warn({ err: error }, 'invitation not mailed'),
  });
}

type Stores = ReturnType<typeof openStores>;

function openStores({ postgres }: Infrastructure) {
  return {
    users: createUserStore(postgres),
    apiKeys: createApiKeyStore(postgres),
    sessions: createSessionStore(postgres),
    refreshTokens: createRefreshTokenStore(postgres),
    invitations: createInvitationStore(postgres),
    audit: createAuditLog(postgres),
  };
}

type Composed = {
  readonly stores: Stores;
  readonly passwords: Passwords;
  readonly tokens: AccessTokens;
  readonly accounts: Accounts;
};

function composeSessions(
  { clock, newId, changes }: Infrastructure,
  { stores, passwords, tokens, accounts }: Composed,
) {
  const { users, refreshTokens, audit } = stores;
  const { announce } = changes;
  const { guard, failedLogins } = accounts;
  const sessions = createSessions({
    users,
    store: stores.sessions,
    refreshTokens,
    passwords,
    tokens,
    challenges: accounts.challenges,
    checkFactor: accounts.checkFactor,
    guard,
    noteFailed: failedLogins.note,
    recordLogin: (by, outcome) =>
      audit.appendEvent(
        { by, atMs: clock.now() },
        {
          action: `login.${outcome}`,
          subjectId: by.userId,
          partnerIds: by.partnerId === undefined ? [] : [by.partnerId],
        },
      ),
    announce,
    newId,
    clock,
  });
  const account = createAccount({
    users,
    store: stores.sessions,
    passwords,
    checkPassword: accounts.checkPassword,
    open: sessions.openWithTokens,
    announce,
    clock,
  });
  return { sessions, account };
}

type Tidied = {
  readonly infrastructure: Infrastructure;
  readonly lifecycle: Lifecycle;
  readonly stores: Stores;
  readonly lastUsed: LastUsed;
  readonly accounts: Accounts;
};

/** What is written once in a while, and what is forgotten. */
function keepTidy({ infrastructure, lifecycle, stores, lastUsed, accounts }: Tidied): void {
  const { clock, logger } = infrastructure;
  const every = (ms: number, what: string, work: () => Promise<unknown>) => {
    const timer = setInterval(() => {
      work().catch((error: unknown) => logger.warn({ err: error }, `${what}: will be tried again`));
    }, ms).unref();
    lifecycle.onClose(what, async () => clearInterval(timer));
  };
  every(LAST_USED_EVERY_MS, 'last use of API keys', lastUsed.flush);
  every(FAILED_LOGINS_LOOK_MS, 'failed logins', () => accounts.flushFailed('due'));
  every(EXPIRED_EVERY_MS, 'expired refresh tokens', () => stores.refreshTokens.deleteExpired(clock.now()));
  every(EXPIRED_EVERY_MS, 'expired sessions', () => stores.sessions.deleteExpired(clock.now()));
  every(EXPIRED_EVERY_MS, 'expired links to set a password', accounts.forgetExpired);
  every(EXPIRED_EVERY_MS, 'ended invitations', () =>
    stores.invitations.deleteEnded(clock.now() - KEEP_INVITATIONS_MS),
  );
  lifecycle.onClose('last use of API keys, the rest', lastUsed.flush);
  lifecycle.onClose('failed logins, the rest', () => accounts.flushFailed('all'));
}
