import { ROLES, SCOPES } from '@anika/core/access';
import { LIMIT_KINDS } from '@anika/core/company-limits';
import { z } from 'zod';
import { email, newPassword } from './auth.ts';
import { futureInstant, id, idParams, label, noBody, pageOf, pageQuery, searchText } from './common.ts';
import { memberRole, newInvitation } from './invitations.ts';
import { ADMINS, ADMINS_AND_OPERATORS, defineRoute, EVERYBODY_SIGNED_IN, OPERATORS } from './route.ts';

const limit = z.number().int().min(0).max(10_000_000);

export const partner = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['active', 'suspended']),
    limits: z
      .record(z.enum(LIMIT_KINDS), limit.nullable())
      .describe("How many of each it may have; null: the installation's default"),
    secondFactorRequired: z
      .boolean()
      .describe('Its users without a second factor may do nothing but set one up'),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Partner' });

export const user = z
  .object({
    id: z.string(),
    partnerId: z.string(),
    email: z.string(),
    name: z.string().nullable().describe('As given when the invitation was accepted'),
    role: z.enum(ROLES),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'User' });

export const apiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().describe('The last four characters'),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    lastUsedAt: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' });

export const createPartner = defineRoute({
  id: 'createPartner',
  module: 'auth',
  method: 'post',
  path: '/v1/partners',
  summary: 'Register a partner and its first admin',
  access: OPERATORS,
  body: z.strictObject({ name: label(200), admin: z.strictObject({ email, password: newPassword }) }),
  success: { status: 201, schema: partner.extend({ admin: user }), description: 'The partner' },
  failures: ['conflict'],
});

export const listPartners = defineRoute({
  id: 'listPartners',
  module: 'auth',
  method: 'get',
  path: '/v1/partners',
  summary: 'List partners',
  access: OPERATORS,
  query: pageQuery,
  success: { status: 200, schema: pageOf(partner), description: 'A page of partners' },
});

export const updatePartner = defineRoute({
  id: 'updatePartner',
  module: 'auth',
  method: 'patch',
  path: '/v1/partners/{id}',
  summary: 'Rename, suspend or re-activate a partner, set its limits, or demand a second factor',
  description:
    'The tokens and keys of a suspended partner stop working within a second. `limits`: how many of each it may have; ' +
    'null goes back to the default. A limit below what it has takes nothing away, and lets nothing be added. ' +
    'These are for operators. `secondFactorRequired` is for an admin of the company, who has a second factor: ' +
    'within a second its users without one may do nothing but set one up. Keys are not concerned.',
  access: ADMINS_AND_OPERATORS,
  params: idParams,
  body: z.strictObject({
    name: label(200).optional(),
    status: z.enum(['active', 'suspended']).optional(),
    limits: z.strictObject(Object.fromEntries(LIMIT_KINDS.map((kind) => [kind, limit.nullish()]))).optional(),
    secondFactorRequired: z.boolean().optional(),
  }),
  example: { body: { limits: { topics: 5000 } } },
  success: { status: 200, schema: partner, description: 'The partner' },
  failures: ['not-found', 'conflict'],
});

export const partnerDirectory = defineRoute({
  id: 'partnerDirectory',
  module: 'auth',
  method: 'get',
  path: '/v1/partners/directory',
  summary: 'Ids and names of partners, to grant to',
  access: EVERYBODY_SIGNED_IN,
  query: pageQuery.extend({ q: searchText.optional() }),
  success: {
    status: 200,
    schema: pageOf(z.object({ id: z.string(), name: z.string() })),
    description: 'A page of partners',
  },
});

export const createUser = defineRoute({
  id: 'createUser',
  module: 'auth',
  method: 'post',
  path: '/v1/users',
  summary: 'Invite somebody to the own partner',
  description:
    'The same as `POST /v1/invitations`: who is invited becomes a user by accepting it with `POST /v1/invitations/accept`. The answer is the same for every address.',
  access: ADMINS,
  body: z.strictObject({ email, role: memberRole }),
  success: { status: 202, schema: newInvitation, description: 'The invitation; its token is shown only now' },
  failures: ['limit-reached', 'conflict'],
});

export const listUsers = defineRoute({
  id: 'listUsers',
  module: 'auth',
  method: 'get',
  path: '/v1/users',
  summary: 'List the users of the own partner; for operators, the admins of one',
  access: ADMINS_AND_OPERATORS,
  query: pageQuery.extend({ partnerId: id('par').optional().describe('Operators only, who must give it') }),
  success: {
    status: 200,
    schema: pageOf(user.extend({ secondFactor: z.boolean().describe('Whether a login asks for a code') })),
    description: 'A page of users',
  },
});

export const updateUser = defineRoute({
  id: 'updateUser',
  module: 'auth',
  method: 'patch',
  path: '/v1/users/{id}',
  summary: "Change a user's role or password",
  description:
    'A new password or role ends the sessions of the user within a second. The last admin cannot be demoted. ' +
    'The own password is changed with `POST /v1/auth/password`; here it is 403.',
  access: ADMINS,
  params: idParams,
  body: z.strictObject({ role: memberRole.optional(), password: newPassword.optional() }),
  success: { status: 200, schema: user, description: 'The user' },
  failures: ['not-found', 'conflict'],
});

export const deleteUser = defineRoute({
  id: 'deleteUser',
  module: 'auth',
  method: 'delete',
  path: '/v1/users/{id}',
  summary: 'Remove a user',
  access: ADMINS,
  params: idParams,
  success: { status: 204, description: 'Removed' },
  failures: ['not-found', 'conflict'],
});

export const createPasswordReset = defineRoute({
  id: 'createPasswordReset',
  module: 'auth',
  method: 'post',
  path: '/v1/users/{id}/password-resets',
  summary: 'Make a link for a user to set a new password',
  description:
    'To be handed over: `token` is for `POST /v1/auth/password/reset`, works once, for a day, and is shown only now. An admin makes it for users of the own company, an operator for the admins of a company. The password stays as it is until the link is used; a link that was made before does not work any more.',
  access: ADMINS_AND_OPERATORS,
  params: idParams,
  body: noBody,
  success: {
    status: 201,
    schema: z.object({ token: z.string(), expiresAt: z.string() }),
    description: 'The token, shown only now',
  },
  failures: ['not-found'],
});

export const createApiKey = defineRoute({
  id: 'createApiKey',
  module: 'auth',
  method: 'post',
  path: '/v1/api-keys',
  summary: 'Create an API key; it is shown only now',
  access: ADMINS,
  body: z.strictObject({
    name: label(100),
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(SCOPES.length)
      .optional()
      .describe('Default: all but `grants`'),
    expiresAt: futureInstant.optional(),
  }),
  success: { status: 201, schema: apiKey.extend({ key: z.string() }), description: 'The key, shown once' },
  failures: ['limit-reached'],
});

export const listApiKeys = defineRoute({
  id: 'listApiKeys',
  module: 'auth',
  method: 'get',
  path: '/v1/api-keys',
  summary: 'List the API keys of the own partner',
  access: ADMINS,
  query: pageQuery,
  success: { status: 200, schema: pageOf(apiKey), description: 'A page of keys, without their secret' },
});

export const deleteApiKey = defineRoute({
  id: 'deleteApiKey',
  module: 'auth',
  method: 'delete',
  path: '/v1/api-keys/{id}',
  summary: 'Revoke an API key',
  access: ADMINS,
  params: idParams,
  success: { status: 204, description: 'Revoked; it stops working within a second' },
  failures: ['not-found'],
});
