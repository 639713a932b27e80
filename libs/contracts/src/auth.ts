import { ROLES } from '@anika/core/access';
import { passwordProblem } from '@anika/core/password-rule';
import { z } from 'zod';
import { isStorable, NOT_STORABLE } from './common.ts';
import { ANY_CREDENTIAL, defineRoute } from './route.ts';

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
/** At login any text is taken: what is not a password simply does not match. */
const givenPassword = z.string().max(1024);
export const newPassword = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(256)
  .superRefine((text, context) => {
    const message = passwordProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
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

export const me = z
  .object({
    userId: z.string(),
    partnerId: z.string().nullable(),
    role: z.enum(ROLES),
    email: z.string().nullable(),
  })
  .meta({ id: 'Me' });

export const login = defineRoute({
  id: 'login',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/login',
  summary: 'Exchange email and password for tokens',
  access: 'public',
  body: z.strictObject({
    email: z.string().max(254).refine(isStorable, NOT_STORABLE),
    password: givenPassword,
  }),
  success: { status: 200, schema: tokens, description: 'Access and refresh token' },
  failures: ['unauthenticated', 'rate-limited'],
});

export const refresh = defineRoute({
  id: 'refresh',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/refresh',
  summary: 'Rotate a refresh token',
  description: 'Each refresh token works once. One that is used again revokes every token of its family.',
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
  summary: 'Revoke a refresh token and its family',
  access: 'public',
  body: z.strictObject({ refreshToken: z.string().max(512) }),
  success: { status: 204, description: 'Revoked, or was not valid' },
});

export const whoAmI = defineRoute({
  id: 'whoAmI',
  module: 'auth',
  method: 'get',
  path: '/v1/auth/me',
  summary: 'Who this credential is',
  access: ANY_CREDENTIAL,
  success: { status: 200, schema: me, description: 'The caller' },
});

export const jwks = defineRoute({
  id: 'jwks',
  module: 'auth',
  method: 'get',
  path: '/.well-known/jwks.json',
  summary: 'Public keys of the access tokens (RFC 7517)',
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
  quota: 'none',
  success: { status: 204, description: 'Valid; X-User-Id and X-Partner-Id say whose it is' },
});
