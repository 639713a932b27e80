import { randomBytes } from 'node:crypto';
import { login, whoAmI } from '@anika/contracts/auth';
import { acceptInvitation } from '@anika/contracts/invitations';
import { createPartner, createUser } from '@anika/contracts/partners';
import { createTopic } from '@anika/contracts/topics';
import type { Text } from '../../language.ts';
import type { Operator } from '../../secrets.ts';
import { checkEqual } from '../check.ts';
import type { Client } from '../client.ts';
import type { Cast, Company, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { TEXTS } from './companies.texts.ts';

/** The broker's operator registers three companies, and their admins sign in. */
export async function meetCompanies(stage: Stage, account: Operator): Promise<Cast> {
  const { tell } = stage;
  tell.note(TEXTS.whoIsWho);
  const operator = await logIn(stage.api, account);
  tell.does(WHO.operator, TEXTS.logsInAndRegisters, 'POST /v1/auth/login · POST /v1/partners');
  const register = (company: NewCompany) => registerCompany(stage, operator, company);
  const dealer = await register({ name: 'АвтоЭкспресс', title: TEXTS.dealer, mailbox: 'autoexpress' });
  const bank = await register({ name: 'ЭкспоБанк', title: TEXTS.bank, mailbox: 'expobank' });
  const stranger = await register({ name: 'СтрахКонсалт', title: TEXTS.stranger, mailbox: 'strahkonsalt' });
  await stage.api.refused(login, 401, {
    body: { email: dealer.email, password: 'не тот пароль' },
  });
  tell.holds(TEXTS.wrongPassword);
  await dealer.client.refused(createPartner, 403, {
    body: { name: 'Самозванец', admin: { email: 'x@example.com', password: dealer.password } },
  });
  tell.holds(TEXTS.onlyOperators);
  return { operator, dealer, bank, stranger };
}

interface NewCompany {
  readonly name: string;
  readonly title: Text;
  readonly mailbox: string;
}

async function registerCompany(
  { tell, api }: Stage,
  operator: Client,
  { name, title, mailbox }: NewCompany,
): Promise<Company> {
  const account = { email: `admin@${mailbox}.example`, password: newPassword() };
  const { id } = await operator.ask(createPartner, { body: { name, admin: account } });
  const client = await logIn(api, account);
  const { partnerId, role } = await client.ask(whoAmI);
  checkEqual(TEXTS.signedInAs(name), [partnerId, role], [id, 'admin']);
  tell.holds(TEXTS.registered(title, account.email));
  return { id, name, title, ...account, client };
}

/** An employee of the dealer's. */
export interface Colleague extends Operator {
  readonly id: string;
}

/** An admin lets an employee in, whose password nobody else ever knows. */
export async function inviteColleague({ tell, api }: Stage, { dealer }: Cast): Promise<Colleague> {
  const account = { email: 'olga@autoexpress.example', password: newPassword() };
  tell.does(dealer.title, TEXTS.invites(account.email), 'POST /v1/users');
  const { token } = await dealer.client.ask(createUser, {
    body: { email: account.email, role: 'viewer' },
  });
  tell.holds(TEXTS.tokenOnce);
  tell.does(WHO.colleague, TEXTS.accepts, 'POST /v1/invitations/accept · POST /v1/auth/login');
  const accepting = { body: { token, name: 'Ольга', password: account.password } };
  await api.ask(acceptInvitation, accepting);
  const colleague = await logIn(api, account);
  const { userId, partnerId, role } = await colleague.ask(whoAmI);
  checkEqual(TEXTS.isViewer, [partnerId, role], [dealer.id, 'viewer']);
  await colleague.refused(createTopic, 403, { body: { name: 'Не её дело' } });
  tell.holds(TEXTS.looksOnly);
  await api.refused(acceptInvitation, 404, accepting);
  tell.holds(TEXTS.tokenIsUsed);
  return { id: userId ?? '', ...account };
}

export async function logIn(api: Client, { email, password }: Operator): Promise<Client> {
  const { accessToken } = await api.ask(login, { body: { email, password } });
  return api.as(accessToken);
}

export function newPassword(): string {
  return randomBytes(12).toString('base64url');
}
