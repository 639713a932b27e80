import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Operator } from '../../secrets.ts';
import { checkEqual } from '../check.ts';
import type { Client } from '../client.ts';
import type { Cast, Company, Stage } from '../stage.ts';
import { withId } from '../stage.ts';

const tokens = z.object({ accessToken: z.string(), expiresIn: z.number() });
const me = z.object({ partnerId: z.string().nullable(), role: z.string() });

/** The broker's operator registers three companies, and their admins sign in. */
export async function meetCompanies(stage: Stage, account: Operator): Promise<Cast> {
  const { tell } = stage;
  const operator = await logIn(stage.api, account);
  tell.does('Оператор', 'входит и регистрирует компании', 'POST /v1/auth/login · POST /v1/partners');
  const dealer = await register(stage, operator, { name: 'АвтоЭкспресс', mailbox: 'autoexpress' });
  const bank = await register(stage, operator, { name: 'ЭкспоБанк', mailbox: 'expobank' });
  const stranger = await register(stage, operator, { name: 'СтрахКонсалт', mailbox: 'strahkonsalt' });
  await stage.api.refused('POST /v1/auth/login', 401, {
    body: { email: dealer.email, password: 'не тот пароль' },
  });
  tell.holds('с неверным паролем не войти: 401');
  await dealer.client.refused('POST /v1/partners', 403, {
    body: { name: 'Самозванец', admin: { email: 'x@example.com', password: dealer.password } },
  });
  tell.holds('компания не может зарегистрировать другую компанию, это право оператора: 403');
  return { operator, dealer, bank, stranger };
}

async function register(
  { tell, api }: Stage,
  operator: Client,
  { name, mailbox }: { name: string; mailbox: string },
): Promise<Company> {
  const account = { email: `admin@${mailbox}.example`, password: randomBytes(12).toString('base64url') };
  const { id } = await operator.ask('POST /v1/partners', withId, { body: { name, admin: account } });
  const client = await logIn(api, account);
  const who = await client.ask('GET /v1/auth/me', me);
  checkEqual(`администратор «${name}» вошёл от имени своей компании`, who, { partnerId: id, role: 'admin' });
  tell.holds(`«${name}» зарегистрирована, её администратор вошёл: ${account.email}`);
  return { id, name, ...account, client };
}

async function logIn(api: Client, account: Operator): Promise<Client> {
  const { accessToken } = await api.ask('POST /v1/auth/login', tokens, { body: { ...account } });
  return api.as(accessToken);
}
