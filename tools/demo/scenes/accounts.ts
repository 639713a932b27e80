import {
  endSessions,
  forgotPassword,
  login,
  resetPassword as setPasswordByLink,
  whoAmI,
} from '@anika/contracts/auth';
import { createPasswordReset, updateUser } from '@anika/contracts/partners';
import { beginTotp, confirmTotp, loginWithTotp } from '@anika/contracts/totp';
import { Secret, TOTP } from 'otpauth';
import { check, checkEqual } from '../check.ts';
import type { Client } from '../client.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { TEXTS } from './accounts.texts.ts';
import { type Colleague, logIn, newPassword } from './companies.ts';

const PERIOD_MS = 30_000;
/** A session that has ended is refused within a second, by whatever process. */
const ENDED_WITHIN_MS = 2_000;

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
  await stage.api.refused(loginWithTotp, 422, { body: again });
  tell.holds(TEXTS.passwordIsNotEnough);

  const renewed = { ...colleague, password: newPassword() };
  await resetPassword(stage, dealer.client, { colleague, renewed });
  await untilOut(stage, inside);
  tell.holds(TEXTS.sessionsOver);

  tell.does(WHO.colleague, TEXTS.endsAll, 'DELETE /v1/auth/sessions');
  const last = await logInWithFactor(stage, renewed, { recoveryCode: app.recoveryCodes[0] });
  await last.ask(endSessions);
  await untilOut(stage, last);
  tell.holds(TEXTS.allOver);
}

async function setUpFactor(client: Client, password: string): Promise<App> {
  const { secret } = await client.ask(beginTotp, { body: { password } });
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = (step: 0 | 1) => totp.generate({ timestamp: Date.now() + step * PERIOD_MS });
  const { recoveryCodes } = await client.ask(confirmTotp, { body: { code: code(0) } });
  checkEqual(TEXTS.tenCodes, recoveryCodes.length, 10);
  return { code, recoveryCodes };
}

type Account = Pick<Colleague, 'email' | 'password'>;

/** What a right password is answered where a second factor is asked for. */
async function challengeOf({ api }: Stage, { email, password }: Account): Promise<string> {
  const answer = await api.call(login, { body: { email, password } });
  const problem = answer.ok ? undefined : answer.problem;
  check(TEXTS.passwordIsNotEnough, answer.status === 401 && problem?.code === 'totp-required', {
    expected: TEXTS.passwordIsNotEnough,
    came: { status: answer.status, problem },
  });
  return problem?.challenge?.token ?? '';
}

async function logInWithFactor(
  stage: Stage,
  account: Account,
  proof: { code: string } | { recoveryCode: string | undefined },
): Promise<Client> {
  const body = { challenge: await challengeOf(stage, account), ...proof };
  return stage.api.as((await stage.api.ask(loginWithTotp, { body })).accessToken);
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
    const { status } = await api.call(forgotPassword, { body: { email } });
    checkEqual(TEXTS.sameForAnybody, status, 202);
  }
  tell.holds(TEXTS.sameForAnybody);
  tell.does(WHO.admin, TEXTS.makesLink, 'POST /v1/users/{id}/password-resets · POST /v1/auth/password/reset');
  await refuseOwnPassword(admin, renewed.password);
  tell.holds(TEXTS.notForOneself);
  const { token } = await admin.ask(createPasswordReset, { params: { id: colleague.id } });
  const using = { body: { token, password: renewed.password } };
  await api.ask(setPasswordByLink, using);
  await api.refused(setPasswordByLink, 404, using);
  const { email, password } = colleague;
  await api.refused(login, 401, { body: { email, password } });
  tell.holds(TEXTS.linkUsed);
}

async function refuseOwnPassword(admin: Client, password: string): Promise<void> {
  const { userId } = await admin.ask(whoAmI);
  const params = { id: userId ?? '' };
  await admin.refused(createPasswordReset, 404, { params });
  await admin.refused(updateUser, 403, { params, body: { password } });
}

async function untilOut({ signal }: Stage, client: Client): Promise<void> {
  const look = async () => ((await client.call(whoAmI)).status === 401 ? true : undefined);
  await until(TEXTS.sessionsOver, look, { timeoutMs: ENDED_WITHIN_MS, signal });
}
