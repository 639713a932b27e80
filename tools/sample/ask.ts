import type { Accepted, Client, Refused } from '@anika/client/client';
import { login } from '@anika/contracts/auth';
import type { Account } from './kept.ts';

/** What was asked for. @throws Error that says why it was refused */
export async function had<T>(answer: Promise<Accepted<T> | Refused>): Promise<T> {
  const got = await answer;
  if (got.ok) return got.data;
  const { code, detail } = got.problem;
  throw new Error(`${code}: ${detail}`);
}

export async function signedIn(api: Client, { email, password }: Account): Promise<Client> {
  return api.as((await had(api.call(login, { body: { email, password } }))).accessToken);
}
