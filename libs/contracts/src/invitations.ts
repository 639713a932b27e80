import { INVITATION_STATES } from '@anika/core/invitation';
import { z } from 'zod';
import { email, newPassword } from './auth.ts';
import { id, idParams, label, pageOf, pageQuery } from './common.ts';
import { ADMINS_AND_OPERATORS, defineRoute } from './route.ts';

export const memberRole = z.enum(['admin', 'developer', 'viewer']);

export const invitation = z
  .object({
    id: z.string(),
    email: z.string(),
    role: memberRole,
    partnerId: z.string().nullable().describe('Null: accepting it registers the company'),
    companyName: z.string().nullable().describe('Of the company that it will register'),
    state: z.enum(INVITATION_STATES),
    createdAt: z.string(),
    expiresAt: z.string(),
  })
  .meta({ id: 'Invitation' });

export const newInvitation = invitation
  .extend({ token: z.string().describe('To hand over to who is invited; shown only now') })
  .meta({ id: 'NewInvitation' });

export const createInvitation = defineRoute({
  id: 'createInvitation',
  module: 'auth',
  method: 'post',
  path: '/v1/invitations',
  summary: 'Invite somebody',
  description: `Nobody becomes a user before accepting. The answer has a token, to be handed over: it works once, for seven days. It is the same for every address, whoever has an account. Where the installation sends e-mails, the token is also mailed to that address, up to 50 such mails an hour for a company and 5 a day to one address.

An admin invites to the own company, with a role, and neither \`companyName\` nor \`partnerId\`; at most 50 invitations of a company are open. To the address of a member it is a link to set a new password: accepting it ends that member's sessions, and takes no role away.

An operator invites an \`admin\`: with \`companyName\` the first one of a company that accepting registers, with \`partnerId\` one of a company that is there, whose admins are gone or have forgotten their passwords.`,
  access: ADMINS_AND_OPERATORS,
  body: z.strictObject({
    email,
    role: memberRole,
    companyName: label(200).optional().describe('Operators only'),
    partnerId: id('par').optional().describe('Operators only'),
  }),
  success: { status: 201, schema: newInvitation, description: 'The invitation; its token is shown only now' },
  failures: ['limit-reached', 'conflict', 'not-found'],
});

export const listInvitations = defineRoute({
  id: 'listInvitations',
  module: 'auth',
  method: 'get',
  path: '/v1/invitations',
  summary: 'List the invitations of the own company; for operators, those that operators have made',
  access: ADMINS_AND_OPERATORS,
  query: pageQuery,
  success: {
    status: 200,
    schema: pageOf(invitation),
    description: 'A page of invitations, without their tokens',
  },
});

export const withdrawInvitation = defineRoute({
  id: 'withdrawInvitation',
  module: 'auth',
  method: 'delete',
  path: '/v1/invitations/{id}',
  summary: 'Withdraw an invitation',
  access: ADMINS_AND_OPERATORS,
  params: idParams,
  success: { status: 204, description: 'Its token does not work any more' },
  failures: ['not-found', 'conflict'],
});

export const acceptInvitation = defineRoute({
  id: 'acceptInvitation',
  module: 'auth',
  method: 'post',
  path: '/v1/invitations/accept',
  summary: 'Accept an invitation: choose a password',
  description:
    'Then log in. An address that has an account in another company keeps that one and its password; the answer is the same, so that nobody learns of it.',
  access: 'public',
  body: z.strictObject({ token: z.string().max(200), name: label(100), password: newPassword }),
  success: {
    status: 202,
    schema: z.object({ email: z.string(), role: memberRole }),
    description: 'Accepted: log in with this email and the password',
  },
  failures: ['not-found'],
});
