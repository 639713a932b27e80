import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import type { Client } from '../client.ts';
import { anything, type Cast, type Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { TEXTS } from './accounts.texts.ts';
import { type Colleague, logIn, newPassword } from './companies.ts';

const PERIOD_MS = 30_000;
/** A session that has ended is refused within a second, by whatever process. */
const ENDED_WITHIN_MS = 2_000;

const tokens = z.object({ accessToken: z.string() });
const steps = z.object({ code: z.literal('totp-required'), challenge: z.object({ token: z.string() }) });

/** An app of a second factor; a code is good half a minute before its time, so that nobody waits for the next one. */
type App = { code(step: 0 | 1): string; readonly recoveryCodes: readonly string[] };

/** A colleague secures her account with a second factor, forgets her password and comes in again. */
export async function secureAccount(stage: Stage, { dealer }: Cast, colleague: Colleague): Promise<void> {
  const { tell } = stage;
  tell.does(WHO.colleague, TEXTS.setsUp, 'POST /v1/auth/totp · POST /v1/auth/totp/confirm');
  const [phone, laptop] = [await logIn(stage.api, colleague), await logIn(stage.api, colleague)];
  const app = await setUpFactor(laptop, colleague.password);
  await untilOut(stage, phone);
  tell.holds(TEXTS.otherDeviceOut);
  tell.holds(TEXTS.factorIsOn);

  tell.does(WHO.colleague, TEXTS.logsInTwice, 'POST /v1/auth/login · POST /v1/auth/totp/login');
  const proof = { code: app.code(1) };
  const inside = await logInWithFactor(stage, colleague, proof);
  const again = { challenge: await challengeOf(stage, colleague), ...proof };
  await stage.api.refused('POST /v1/auth/totp/login', 422, { body: again });
  tell.holds(TEXTS.passwordIsNotEnough);

  const renewed = { ...colleague, password: newPassword() };
  await resetPassword(stage, dealer.client, { colleague, renewed });
  await untilOut(stage, inside);
  tell.holds(TEXTS.sessionsOver);

  tell.does(WHO.colleague, TEXTS.endsAll, 'DELETE /v1/auth/sessions');
  const last = await logInWithFactor(stage, renewed, { recoveryCode: app.recoveryCodes[0] });
  await last.ask('DELETE /v1/auth/sessions', anything);
  await untilOut(stage, last);
  tell.holds(TEXTS.allOver);
}

async function setUpFactor(client: Client, password: string): Promise<App> {
  const begun = z.object({ secret: z.string() });
  const { secret } = await client.ask('POST /v1/auth/totp', begun, { body: { password } });
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = (step: 0 | 1) => totp.generate({ timestamp: Date.now() + step * PERIOD_MS });
  const confirmed = z.object({ recoveryCodes: z.array(z.string()) });
  const body = { code: code(0) };
  const { recoveryCodes } = await client.ask('POST /v1/auth/totp/confirm', confirmed, { body });
  checkEqual(TEXTS.tenCodes, recoveryCodes.length, 10);
  return { code, recoveryCodes };
}

type Account = Pick<Colleague, 'email' | 'password'>;

/** What a right password is answered where a second factor is asked for. */
async function challengeOf({ api }: Stage, { email, password }: Account): Promise<string> {
  const { status, body } = await api.send('POST', '/v1/auth/login', { body: { email, password } });
  const parsed = steps.safeParse(body);
  check(TEXTS.passwordIsNotEnough, status === 401 && parsed.success, {
    expected: TEXTS.passwordIsNotEnough,
    came: { status, body },
  });
  return parsed.data?.challenge.token ?? '';
}

async function logInWithFactor(
  stage: Stage,
  account: Account,
  proof: { code: string } | { recoveryCode: string | undefined },
): Promise<Client> {
  const body = { challenge: await challengeOf(stage, account), ...proof };
  return stage.api.as((await stage.api.ask('POST /v1/auth/totp/login', tokens, { body })).accessToken);
}

type Reset = { readonly colleague: Colleague; readonly renewed: Account };

/** Nothing is mailed in the demonstration: her admin hands the link over. */
async function resetPassword(
  { tell, api }: Stage,
  admin: Client,
  { colleague, renewed }: Reset,
): Promise<void> {
  tell.does(WHO.colleague, TEXTS.forgets, 'POST /v1/auth/password/forgotten');
  for (const email of [colleague.email, 'nobody@autoexpress.example']) {
    const { status } = await api.send('POST', '/v1/auth/password/forgotten', { body: { email } });
    checkEqual(TEXTS.sameForAnybody, status, 202);
  }
  tell.holds(TEXTS.sameForAnybody);
  tell.does(WHO.admin, TEXTS.makesLink, 'POST /v1/users/{id}/password-resets · POST /v1/auth/password/reset');
  await refuseOwnPassword(admin, renewed.password);
  tell.holds(TEXTS.notForOneself);
  const link = z.object({ token: z.string() });
  const { token } = await admin.ask(`POST /v1/users/${colleague.id}/password-resets`, link);
  const using = { body: { token, password: renewed.password } };
  await api.ask('POST /v1/auth/password/reset', anything, using);
  await api.refused('POST /v1/auth/password/reset', 404, using);
  const { email, password } = colleague;
  await api.refused('POST /v1/auth/login', 401, { body: { email, password } });
  tell.holds(TEXTS.linkUsed);
}

async function refuseOwnPassword(admin: Client, password: string): Promise<void> {
  const { userId } = await admin.ask('GET /v1/auth/me', z.object({ userId: z.string() }));
  await admin.refused(`POST /v1/users/${userId}/password-resets`, 404);
  await admin.refused(`PATCH /v1/users/${userId}`, 403, { body: { password } });
}

async function untilOut({ signal }: Stage, client: Client): Promise<void> {
  const look = async () => ((await client.send('GET', '/v1/auth/me')).status === 401 ? true : undefined);
  await until(TEXTS.sessionsOver, look, { timeoutMs: ENDED_WITHIN_MS, signal });
}
