import { createUser, newWord, PASSWORD, succeed } from './company.ts';
import type { Stage, StatefulRow } from './stage.ts';

const NEXT = 'quite another password';

type Sent = { readonly token?: string | undefined; readonly body?: unknown };

/** What is wrong where an answer has none of these statuses. */
async function expectOneOf(
  { anika, heard }: Stage,
  request: string,
  { statuses, ...sent }: Sent & { statuses: readonly number[] },
): Promise<string[]> {
  const [method = '', path = ''] = request.split(' ');
  const { status, body } = await anika.client.call(method, path, sent);
  heard.push({ request, status, text: JSON.stringify(body ?? '') });
  return statuses.includes(status) ? [] : [`${request} answers ${status}`];
}

const use = (token: string, password = NEXT) => ({ body: { token, password } });
const accepting = (token: string, password = PASSWORD) => ({ body: { token, name: 'Анна', password } });

async function statusOfLogin({ anika }: Stage, email: string, password: string): Promise<number> {
  return (await anika.client.call('POST', '/v1/auth/login', { body: { email, password } })).status;
}

async function opens(stage: Stage, email: string, password: string): Promise<string[]> {
  const status = await statusOfLogin(stage, email, password);
  return status === 200 ? [] : [`the password of ${email} does not open it: ${status}`];
}

async function invite(
  { anika }: Stage,
  token: string,
  email: string,
): Promise<{ id: string; token: string }> {
  return succeed(anika, 'POST /v1/invitations', { token, body: { email, role: 'viewer' } });
}

async function resetLink({ anika }: Stage, token: string, userId: string): Promise<string> {
  return (await succeed(anika, `POST /v1/users/${userId}/password-resets`, { token })).token;
}

/** The second of two at once may have won: exactly one has. */
async function once(stage: Stage, request: string, sent: Sent): Promise<string[]> {
  const [method = '', path = ''] = request.split(' ');
  const answers = await Promise.all([1, 2, 3].map(() => stage.anika.client.call(method, path, sent)));
  const statuses = answers.map(({ status }) => status);
  const taken = statuses.filter((status) => status < 300).length;
  return taken === 1 ? [] : [`${request}, three at once, answers ${statuses.join(', ')}`];
}

const INVITATION_ROWS: readonly StatefulRow[] = [
  {
    title: 'an invitation is accepted once, also by three at once, and not once it was withdrawn',
    async check(stage) {
      const { admin } = stage.intruder.tokens;
      const accepted = await invite(stage, admin, `${newWord()}@partner.test`);
      const withdrawn = await invite(stage, admin, `${newWord()}@partner.test`);
      await succeed(stage.anika, `DELETE /v1/invitations/${withdrawn.id}`, { token: admin });
      const accept = 'POST /v1/invitations/accept';
      return [
        ...(await once(stage, accept, accepting(accepted.token))),
        ...(await expectOneOf(stage, accept, { ...accepting(withdrawn.token), statuses: [404] })),
      ];
    },
  },
  {
    title: 'inviting a user of another company, and accepting it, changes nothing of that account',
    async check(stage) {
      const { intruder, victim } = stage;
      const user = await createUser(stage.anika, victim.tokens.admin);
      const findings: string[] = [];
      for (const email of [user.email, user.email.toUpperCase(), victim.adminEmail]) {
        const { token } = await invite(stage, intruder.tokens.admin, email);
        // Its answer has the address that the intruder has written: no leak.
        const accepted = await stage.anika.client.call(
          'POST',
          '/v1/invitations/accept',
          accepting(token, NEXT),
        );
        if (accepted.status !== 202) findings.push(`the invitation of another's user: ${accepted.status}`);
        const status = await statusOfLogin(stage, email, NEXT);
        if (status !== 401)
          findings.push(`the invited password of another's account: login answers ${status}`);
      }
      return [...findings, ...(await opens(stage, user.email, PASSWORD))];
    },
  },
];

const RESET_ROWS: readonly StatefulRow[] = [
  {
    title:
      'a link for a new password works once, not beside a newer one, and not after the password was changed',
    async check(stage) {
      const { admin } = stage.intruder.tokens;
      const user = await createUser(stage.anika, admin);
      const reset = 'POST /v1/auth/password/reset';
      const [older, newer] = [await resetLink(stage, admin, user.id), await resetLink(stage, admin, user.id)];
      const findings = await expectOneOf(stage, reset, { ...use(older), statuses: [404] });
      findings.push(...(await once(stage, reset, use(newer))));
      findings.push(...(await expectOneOf(stage, reset, { ...use(newer, PASSWORD), statuses: [404] })));
      findings.push(...(await opens(stage, user.email, NEXT)));
      const late = await resetLink(stage, admin, user.id);
      await succeed(stage.anika, `PATCH /v1/users/${user.id}`, {
        token: admin,
        body: { password: PASSWORD },
      });
      findings.push(...(await expectOneOf(stage, reset, { ...use(late), statuses: [404] })));
      return [...findings, ...(await opens(stage, user.email, PASSWORD))];
    },
  },
  {
    title:
      'a token is good for what it was made for only: invitation, link and refresh token are not each other',
    async check(stage) {
      const { admin } = stage.intruder.tokens;
      const user = await createUser(stage.anika, admin);
      const link = await resetLink(stage, admin, user.id);
      const { token: invited } = await invite(stage, admin, `${newWord()}@partner.test`);
      const body = { email: user.email, password: PASSWORD };
      const { refreshToken } = await succeed(stage.anika, 'POST /v1/auth/login', { body });
      const wrong: [string, Sent, number][] = [
        ['POST /v1/auth/password/reset', use(invited), 404],
        ['POST /v1/auth/password/reset', use(refreshToken), 404],
        ['POST /v1/invitations/accept', accepting(link), 404],
        ['POST /v1/invitations/accept', accepting(refreshToken), 404],
        ['POST /v1/auth/refresh', { body: { refreshToken: link } }, 401],
        ['POST /v1/auth/refresh', { body: { refreshToken: invited } }, 401],
        ['GET /v1/auth/me', { token: link }, 401],
        ['GET /v1/auth/me', { token: refreshToken }, 401],
      ];
      const findings: string[] = [];
      for (const [request, sent, status] of wrong)
        findings.push(...(await expectOneOf(stage, request, { ...sent, statuses: [status] })));
      return findings;
    },
  },
  {
    title: 'an admin sets no password of their own without the present one',
    async check(stage) {
      const { tokens, adminEmail } = stage.intruder;
      const { userId } = await succeed(stage.anika, 'GET /v1/auth/me', { token: tokens.admin });
      const by = { token: tokens.admin, statuses: [403, 404, 422] };
      const self = { email: adminEmail, role: 'admin' };
      return [
        ...(await expectOneOf(stage, `PATCH /v1/users/${userId}`, { ...by, body: { password: NEXT } })),
        ...(await expectOneOf(stage, `POST /v1/users/${userId}/password-resets`, by)),
        ...(await expectOneOf(stage, 'POST /v1/invitations', { ...by, body: self })),
        ...(await expectOneOf(stage, 'POST /v1/users', { ...by, body: self })),
        ...(await opens(stage, adminEmail, PASSWORD)),
      ];
    },
  },
];

const SESSION_ROWS: readonly StatefulRow[] = [
  {
    title: 'a session is ended by its user and by nobody else of the company, its admin neither',
    async check(stage) {
      const { anika, intruder } = stage;
      const user = await createUser(anika, intruder.tokens.admin);
      const token = await anika.client.login(user.email, PASSWORD);
      const { items } = await succeed(anika, 'GET /v1/auth/sessions', { token });
      const path = `/v1/auth/sessions/${items[0].id}`;
      const findings: string[] = [];
      for (const member of ['admin', 'developer', 'viewer', 'key'] as const) {
        const by = { token: intruder.tokens[member], statuses: [403, 404] };
        findings.push(...(await expectOneOf(stage, `DELETE ${path}`, by)));
      }
      findings.push(...(await expectOneOf(stage, 'GET /v1/auth/me', { token, statuses: [200] })));
      findings.push(...(await expectOneOf(stage, `DELETE ${path}`, { token, statuses: [204] })));
      return [...findings, ...(await expectOneOf(stage, 'GET /v1/auth/me', { token, statuses: [401] }))];
    },
  },
];

/** Ways into an account: each works once, for whom it was made, and for nothing else. */
export const ACCOUNT_ROWS: readonly StatefulRow[] = [...INVITATION_ROWS, ...RESET_ROWS, ...SESSION_ROWS];
