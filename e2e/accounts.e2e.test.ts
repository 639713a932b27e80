import { startTestSmtp, type TestSmtp } from '@anika/mail/test-smtp';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setUpFactor } from '../apps/api/src/testing/authenticator.ts';
import { createClient, type TestPartner } from '../apps/api/src/testing/test-client.ts';
import { type Program, startProgram } from './support/program.ts';

const PASSWORD = 'correct horse battery';
const NEXT = 'quite another password';
/** A second, and what a busy machine adds; without a word from the other process it would be minutes. */
const SOON = { timeout: 5000, interval: 25 };

let databases: TestDatabases;
let smtp: TestSmtp;
let programs: Program[];
let here: ReturnType<typeof createClient>;
let there: ReturnType<typeof createClient>;
let partner: TestPartner;

beforeAll(async () => {
  [databases, smtp] = await Promise.all([createTestDatabases(), startTestSmtp()]);
  const settings = { ANIKA_SMTP_URL: smtp.url };
  // One after the other: the first makes the keys that both sign with.
  programs = [await startProgram('api', { databases, settings })];
  programs.push(await startProgram('api', { databases, settings }));
  [here, there] = [createClient(programs[0]?.url ?? ''), createClient(programs[1]?.url ?? '')];
  partner = await here.createPartner();
});
afterAll(async () => {
  for (const program of programs ?? []) await program.stop();
  await smtp?.close();
  await databases?.drop();
});

async function newUser(): Promise<{ id: string; email: string }> {
  return here.createUser(partner.token, { email: `${crypto.randomUUID()}@partner.test`, role: 'developer' });
}

const statusThere = async (token: string) => (await there.call('GET', '/v1/topics', { token })).status;
const loginAt = (client: typeof here, email: string, password = PASSWORD) =>
  client.call('POST', '/v1/auth/login', { body: { email, password } });

it('a password set by a mailed link at one process ends sessions at the other', async () => {
  const { email } = await newUser();
  const { accessToken, refreshToken } = (await loginAt(there, email)).body;
  expect(await statusThere(accessToken)).toBe(200);
  await here.call('POST', '/v1/auth/password/forgotten', { body: { email } });
  const token = await eventually(async () => {
    const mail = smtp.mails.find(({ to, text }) => to.includes(email) && text.includes('#reset='));
    return /#reset=(anp_[\w-]+)/.exec(mail?.text ?? '')?.[1];
  });
  const reset = { token, password: NEXT };
  expect((await here.call('POST', '/v1/auth/password/reset', { body: reset })).status).toBe(204);
  await expect.poll(() => statusThere(accessToken), SOON).toBe(401);
  expect((await there.call('POST', '/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  expect((await there.call('POST', '/v1/auth/password/reset', { body: reset })).status).toBe(404);
  expect((await loginAt(there, email, NEXT)).status).toBe(200);
});

it('a code is good once, and wrong ones are counted, over both processes; a challenge is good at either', async () => {
  const { email } = await newUser();
  const app = await setUpFactor(here, await here.login(email, PASSWORD), PASSWORD);
  const challenge = (await loginAt(here, email)).body.challenge.token;
  const at = (client: typeof here, proof: object) =>
    client.call('POST', '/v1/auth/totp/login', { body: { challenge, ...proof } });
  const code = app.code();
  const answers = await Promise.all([here, there, here, there].map((client) => at(client, { code })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
  const guesses = await Promise.all([here, there, here, there].map((client) => at(client, { code })));
  expect(guesses.map(({ status }) => status).sort()).toEqual([422, 422, 429, 429]);
});

it('a demand made at one process closes the other, and setting up a factor opens it', async () => {
  const { email } = await newUser();
  const token = await there.login(email, PASSWORD);
  expect(await statusThere(token)).toBe(200);
  await setUpFactor(here, partner.token, PASSWORD);
  const demand = { token: partner.token, body: { secondFactorRequired: true } };
  await here.call('PATCH', `/v1/partners/${partner.id}`, demand);
  await expect.poll(() => statusThere(token), SOON).toBe(403);
  await setUpFactor(here, token, PASSWORD);
  await expect.poll(() => statusThere(token), SOON).toBe(200);
});

it('nothing of passwords, links, codes and secrets is in what the programs write', async () => {
  const { email } = await newUser();
  const app = await setUpFactor(here, await here.login(email, PASSWORD), PASSWORD);
  const challenge = (await loginAt(here, email)).body.challenge.token;
  await here.call('POST', '/v1/auth/totp/login', { body: { challenge, recoveryCode: app.recoveryCodes[0] } });
  // What has ended has written all it had to.
  await Promise.all(programs.map((program) => program.stop()));
  const written = programs.map((program) => program.output()).join('\n');
  const links = smtp.mails.flatMap(({ text }) => /anp_[\w-]+/.exec(text)?.[0] ?? []);
  expect(links.length).toBeGreaterThan(0);
  for (const secret of [app.secret, ...app.recoveryCodes, ...links, challenge, PASSWORD, email]) {
    expect(written).not.toContain(secret);
  }
});
