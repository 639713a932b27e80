import { ROLES } from '@anika/core/access';
import { EMAIL_PATTERN, normalEmail } from '@anika/core/email';
import { said } from '@anika/core/field-rules';
import { passwordProblem } from '@anika/core/password-rule';
import { z } from 'zod';
import { addSaid, idParams, isStorable, NOT_STORABLE, pageOf, pageQuery } from './common.ts';
import { ANY_CREDENTIAL, ANY_USER, defineRoute } from './route.ts';

export const email = z
  .string()
  .max(254)
  .overwrite(normalEmail)
  .pipe(z.email({ pattern: EMAIL_PATTERN, error: 'must be an email address' }))
  .meta({ example: 'admin@auto.example' });
/** At login any text is taken: what is not a password simply does not match. */
export const givenPassword = z.string().max(1024);
const PASSWORD_MIN = 10;
export const newPassword = z
  .string()
  .min(PASSWORD_MIN, said('password-short', { count: PASSWORD_MIN }).message)
  .max(256)
  .superRefine((text, context) => {
    const problem = passwordProblem(text);
    if (problem !== undefined) addSaid(context, problem);
  })
  .describe('At least 10 characters, not easy to guess, and without the name of the email address');

export const tokens = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.number().int().describe('Seconds'),
    refreshToken: z.string(),
  })
  .meta({ id: 'Tokens' });

export const session = z
  .object({
    id: z.string(),
    current: z.boolean().describe('Whether it is the one that asks'),
    remoteAddress: z.string().nullable().describe('Where it was opened from'),
    createdAt: z.string(),
    lastUsedAt: z.string().describe('When it was opened or refreshed last'),
    expiresAt: z
      .string()
      .describe('When it ends unless it is refreshed; 90 days after it was opened at the latest'),
  })
  .meta({ id: 'Session' });

export const me = z
  .object({
    userId: z.string(),
    partnerId: z.string().nullable(),
    role: z.enum(ROLES),
    email: z.string().nullable(),
    mustSetUpFactor: z
      .boolean()
      .describe('The company demands a second factor, and this user has none: nothing else works before'),
  })
  .meta({ id: 'Me' });

export const login = defineRoute({
  id: 'login',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/login',
  summary: 'Exchange email and password for tokens',
  description:
    'Opens a session: its tokens end with it. 10 wrong passwords for an account from one network in 15 minutes, and 100 for whatever accounts, are answered 429 until then; right ones are not counted. Where the account has a second factor, a right password is answered 401 `totp-required`, with the `challenge` for `POST /v1/auth/totp/login`.',
  access: 'public',
  body: z.strictObject({
    email: z.string().max(254).refine(isStorable, NOT_STORABLE),
    password: givenPassword,
  }),
  success: { status: 200, schema: tokens, description: 'Access and refresh token' },
  failures: ['unauthenticated', 'totp-required'],
});

export const refresh = defineRoute({
  id: 'refresh',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/refresh',
  summary: 'Rotate a refresh token',
  description:
    'Each refresh token works once. Used again within 10 seconds from the same network, as two tabs do or who has lost the answer, it gives the same next token; used again otherwise it ends the session. A session ends after 30 days without a refresh, and 90 days after its login.',
  access: 'public',
  body: z.strictObject({ refreshToken: z.string().max(512) }),
  success: { status: 200, schema: tokens, description: 'New access and refresh token' },
  failures: ['unauthenticated'],
});

export const logout = defineRoute({
  id: 'logout',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/logout',
  summary: 'End the session of a refresh token',
  description: 'Its refresh and access tokens stop working within a second.',
  access: 'public',
  body: z.strictObject({ refreshToken: z.string().max(512) }),
  success: { status: 204, description: 'Ended, or was not valid' },
});

export const changePassword = defineRoute({
  id: 'changePassword',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/password',
  summary: 'Change the own password',
  description:
    'Every session of the user ends within a second, also the one that asks: the answer has the tokens of a new one. Wrong passwords are counted as at a login.',
  access: ANY_USER,
  body: z.strictObject({ currentPassword: givenPassword, newPassword }),
  success: { status: 200, schema: tokens, description: 'Tokens of a new session' },
  failures: ['conflict'],
});

export const forgotPassword = defineRoute({
  id: 'forgotPassword',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/password/forgotten',
  summary: 'Ask for a link to set a new password',
  description:
    'The answer is the same, in the same time, whoever has an account. Where the installation sends e-mails, a user of a company is mailed a link that works once, within 30 minutes; one address gets at most 3 an hour. Where it sends none, an admin of the company makes one: `POST /v1/users/{id}/password-resets`. 20 times in 15 minutes from one network, whatever the address; then 429.',
  access: 'public',
  body: z.strictObject({ email }),
  example: { body: { email: 'olga@salon.example' } },
  success: { status: 202, description: 'Heard: whoever has this address looks into the mailbox' },
});

export const resetPassword = defineRoute({
  id: 'resetPassword',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/password/reset',
  summary: 'Set a new password by a link',
  description:
    'Every session of the user ends within a second, and no other link of the user works any more. Then log in; who has a second factor is asked for it as ever.',
  access: 'public',
  body: z.strictObject({ token: z.string().max(200), password: newPassword }),
  success: { status: 204, description: 'Set: log in with it' },
  failures: ['not-found'],
});

export const listSessions = defineRoute({
  id: 'listSessions',
  module: 'auth',
  method: 'get',
  path: '/v1/auth/sessions',
  summary: 'List the own open sessions',
  access: ANY_USER,
  query: pageQuery,
  success: { status: 200, schema: pageOf(session), description: 'A page of sessions, newest first' },
});

export const endSessions = defineRoute({
  id: 'endSessions',
  module: 'auth',
  method: 'delete',
  path: '/v1/auth/sessions',
  summary: 'End all own sessions, also the one that asks',
  access: ANY_USER,
  success: { status: 204, description: 'Ended: their tokens stop working within a second' },
});

export const endSession = defineRoute({
  id: 'endSession',
  module: 'auth',
  method: 'delete',
  path: '/v1/auth/sessions/{id}',
  summary: 'End one of the own sessions',
  access: ANY_USER,
  params: idParams,
  success: { status: 204, description: 'Ended: its tokens stop working within a second' },
  failures: ['not-found'],
});

export const whoAmI = defineRoute({
  id: 'whoAmI',
  module: 'auth',
  method: 'get',
  path: '/v1/auth/me',
  summary: 'Who this credential is',
  access: ANY_CREDENTIAL,
  openWithoutFactor: true,
  success: { status: 200, schema: me, description: 'The caller' },
});

export const browserSession = me
  .extend({
    csrfToken: z.string().describe('To be sent as `anika-csrf` with whatever is not a GET'),
  })
  .meta({ id: 'BrowserSession' });

export const openBrowserSession = defineRoute({
  id: 'openBrowserSession',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/session',
  summary: 'Sign in a browser: a cookie instead of tokens',
  description:
    'Opens a session of eight hours and sets a cookie that scripts cannot read and other sites cannot send. Every call may then come with the cookie in place of a token; what is not a GET also needs the header `anika-csrf`. Wrong passwords are counted as at a login. A second factor is asked for as there: `POST /v1/auth/totp/session`.',
  access: 'public',
  body: z.strictObject({
    email: z.string().max(254).refine(isStorable, NOT_STORABLE),
    password: givenPassword,
  }),
  success: { status: 201, schema: browserSession, description: 'Who has signed in; the cookie is a header' },
  failures: ['unauthenticated', 'totp-required'],
});

export const readBrowserSession = defineRoute({
  id: 'readBrowserSession',
  module: 'auth',
  method: 'get',
  path: '/v1/auth/session',
  summary: 'Who has signed in, and the token for what changes something',
  access: ANY_USER,
  openWithoutFactor: true,
  success: { status: 200, schema: browserSession, description: 'The session that asks' },
});

export const closeBrowserSession = defineRoute({
  id: 'closeBrowserSession',
  module: 'auth',
  method: 'delete',
  path: '/v1/auth/session',
  summary: 'Sign out: end the session that asks, and forget its cookie',
  access: ANY_USER,
  openWithoutFactor: true,
  success: { status: 204, description: 'Ended' },
});

export const jwks = defineRoute({
  id: 'jwks',
  module: 'auth',
  method: 'get',
  path: '/.well-known/jwks.json',
  summary: 'Public keys of access tokens and of receipts (RFC 7517)',
  description:
    'Those of receipts have a `kid` that begins with `receipt-` and stay for ever; those of access tokens go a day after they were replaced. Read it again where a `kid` is missing.',
  access: 'public',
  success: {
    status: 200,
    schema: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
    description: 'Key set',
  },
});

export const verifyForGateway = defineRoute({
  id: 'verifyForGateway',
  module: 'auth',
  method: 'get',
  path: '/internal/auth/verify',
  summary: 'For the gateway: is this credential valid?',
  access: ANY_CREDENTIAL,
  openWithoutFactor: true,
  quota: 'none',
  success: { status: 204, description: 'Valid; X-User-Id and X-Partner-Id say whose it is' },
});
