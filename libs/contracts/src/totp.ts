import { RECOVERY_CODES, SECOND_FACTOR_STATES } from '@anika/core/second-factor';
import { z } from 'zod';
import { browserSession, givenPassword, tokens } from './auth.ts';
import { idParams } from './common.ts';
import { ADMINS_AND_OPERATORS, ANY_USER, defineRoute } from './route.ts';

const code = z.string().max(20).describe('Six digits, as the app shows them; good once');
const recoveryCode = z.string().max(64).describe('One of the recovery codes; good once');

type Given = Readonly<Record<string, string | undefined>>;

/** @returns what is wrong unless exactly one of these is given */
function exactlyOne(...names: readonly string[]) {
  return (given: Given, context: z.core.$RefinementCtx<Given>) => {
    if (names.filter((name) => given[name] !== undefined).length === 1) return;
    const message = `must be exactly one of ${names.join(', ')}`;
    context.addIssue({ code: 'custom', path: [names[0] ?? ''], message, input: given });
  };
}

const proof = { code: code.optional(), recoveryCode: recoveryCode.optional() };
const secondStep = z
  .strictObject({
    challenge: z.string().max(1000).describe('`challenge.token` of the answer to the password'),
    ...proof,
  })
  .superRefine(exactlyOne('code', 'recoveryCode'));
const recoveryCodes = z
  .array(z.string())
  .describe(`${RECOVERY_CODES} of them, each good once in place of a code; shown only now`);

export const readTotp = defineRoute({
  id: 'readTotp',
  module: 'auth',
  method: 'get',
  path: '/v1/auth/totp',
  summary: 'The own second factor',
  access: ANY_USER,
  openWithoutFactor: true,
  success: {
    status: 200,
    schema: z.object({
      state: z.enum(SECOND_FACTOR_STATES).describe('`begun`: no login asks for it before it is confirmed'),
      since: z.string().nullable(),
      recoveryCodesLeft: z.number().int(),
      required: z.boolean().describe('Whether the company demands one of all its users'),
    }),
    description: 'Whether there is one',
  },
});

export const beginTotp = defineRoute({
  id: 'beginTotp',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/totp',
  summary: 'Begin to set up a second factor',
  description:
    'Codes after RFC 6238 (TOTP): SHA-1, six digits, 30 seconds. Nothing changes before a code of it is confirmed; begun again, the former secret is forgotten. Wrong passwords are counted as at a login.',
  access: ANY_USER,
  openWithoutFactor: true,
  body: z.strictObject({ password: givenPassword.describe('The present one') }),
  success: {
    status: 201,
    schema: z.object({
      secret: z.string().describe('In base32, to be typed; shown only now'),
      uri: z.string().describe('`otpauth://…`, for a QR code'),
    }),
    description: 'For an app that makes codes',
  },
  failures: ['conflict'],
});

export const confirmTotp = defineRoute({
  id: 'confirmTotp',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/totp/confirm',
  summary: 'Confirm the second factor with its first code',
  description:
    'From now on a login asks for a code. All other sessions of the user end within a second; the one that asks goes on.',
  access: ANY_USER,
  openWithoutFactor: true,
  body: z.strictObject({ code }),
  success: { status: 200, schema: z.object({ recoveryCodes }), description: 'It is on' },
  failures: ['conflict'],
});

export const renewRecoveryCodes = defineRoute({
  id: 'renewRecoveryCodes',
  module: 'auth',
  method: 'post',
  path: '/v1/auth/totp/recovery-codes',
  summary: 'Get new recovery codes in place of the present ones',
  access: ANY_USER,
  body: z.strictObject(proof).superRefine(exactlyOne('code', 'recoveryCode')),
  success: { status: 200, schema: z.object({ recoveryCodes }), description: 'The new ones' },
  failures: ['conflict'],
});

export const endTotp = defineRoute({
  id: 'endTotp',
  module: 'auth',
  method: 'delete',
  path: '/v1/auth/totp',
  summary: 'End the own second factor',
  description:
    'With the password, a code or a recovery code. All other sessions of the user end within a second. Where the company demands one, nothing works then but setting up the next.',
  access: ANY_USER,
  body: z
    .strictObject({ password: givenPassword.optional(), ...proof })
    .superRefine(exactlyOne('password', 'code', 'recoveryCode')),
  success: { status: 204, description: 'A login asks for the password alone' },
  failures: ['conflict'],
});

const SECOND_STEP = {
  module: 'auth',
  method: 'post',
  access: 'public',
  body: secondStep,
  failures: ['unauthenticated'],
} as const;

export const loginWithTotp = defineRoute({
  ...SECOND_STEP,
  id: 'loginWithTotp',
  path: '/v1/auth/totp/login',
  summary: 'The second step of a login',
  description:
    'Within five minutes of the password. A code is good once, and one step (30 s) before and after its time. After 5 wrong codes for an account in 15 minutes, or 20 in a day, wherever from, it is 429; recovery codes are counted apart: 10 in 15 minutes. 401: begin with the password again.',
  success: { status: 200, schema: tokens, description: 'Access and refresh token' },
});

export const openBrowserSessionWithTotp = defineRoute({
  ...SECOND_STEP,
  id: 'openBrowserSessionWithTotp',
  path: '/v1/auth/totp/session',
  summary: 'The second step of signing in a browser',
  description: 'As `POST /v1/auth/totp/login`, with a cookie instead of tokens.',
  success: { status: 201, schema: browserSession, description: 'Who has signed in; the cookie is a header' },
});

export const takeOffTotp = defineRoute({
  id: 'takeOffTotp',
  module: 'auth',
  method: 'delete',
  path: '/v1/users/{id}/totp',
  summary: 'Take off the second factor that a user has lost',
  description:
    'An admin does it for users of the own company, an operator for the admins of a company. All sessions of that user end within a second, and the next login asks for the password alone.',
  access: ADMINS_AND_OPERATORS,
  params: idParams,
  success: { status: 204, description: 'Taken off' },
  failures: ['not-found'],
});
