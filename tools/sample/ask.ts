import type { Client } from '@anika/client/client';
import { login } from '@anika/contracts/auth';
import type { Account } from './kept.ts';

export async function signedIn(api: Client, { email, password }: Account): Promise<Client> {
  return api.as((await api.ask(login, { body: { email, password } })).accessToken);
}
