import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';
import { createPasswords } from './passwords.ts';

let api: TestApi;
let partner: TestPartner;
const PASSWORD = 'correct horse battery';

beforeAll(async () => {
  api = await startTestApi();
  partner = await api.createPartner();
});
afterAll(() => api.close());

const login = (email: string, password: string) =>
  api.call('POST', '/v1/auth/login', { body: { email, password } });

async function guess(email: string): Promise<void> {
  expect((await login(email, 'a wrong password')).status).toBe(401);
}

function shown({ status, body, headers }: Answer) {
  const names = [...headers.keys()].sort();
  return { status, names, length: headers.get('content-length'), body: { ...body, requestId: '' } };
}

/**
 * Milliseconds each takes at the least: what else the machine does can only add to it. In turns, so that a busy
 * machine is busy for all of them.
 */
async function timesOf(
  rounds: number,
  works: readonly ((n: number) => Promise<unknown>)[],
): Promise<number[]> {
  const times = works.map((): number[] => []);
  for (let n = 0; n < rounds; n += 1) {
    for (const [at, work] of works.entries()) {
      const startedAt = performance.now();
      await work(n);
      times[at]?.push(performance.now() - startedAt);
    }
  }
  return times.map((ofOne) => Math.min(...ofOne));
}

/** Accounts that cannot be logged in to, each for another reason. */
async function closedDoors(): Promise<Readonly<Record<string, readonly [email: string, password: string]>>> {
  const [suspended, emptied] = [await api.createPartner(), await api.createPartner()];
  await api.call('PATCH', `/v1/partners/${suspended.id}`, {
    token: api.operatorToken,
    body: { status: 'suspended' },
  });
  const removed = `removed-${crypto.randomUUID()}@partner.test`;
  const { token } = emptied;
  const { id } = await api.createUser(token, { email: removed, role: 'viewer' });
  await api.call('DELETE', `/v1/users/${id}`, { token });
  return {
    'a wrong password': [partner.adminEmail, 'a wrong password'],
    'an empty password': [partner.adminEmail, ''],
    'an unknown email': ['nobody@partner.test', PASSWORD],
    'what is no email': ['nobody', PASSWORD],
    "a suspended partner's user and its password": [suspended.adminEmail, PASSWORD],
    'a removed user and its password': [removed, PASSWORD],
  };
}

describe('a login that fails', () => {
  it('has one answer for every reason, and not the answer of one that succeeds', async () => {
    const doors = await closedDoors();
    const [first, ...others] = await Promise.all(
      Object.entries(doors).map(async ([why, [email, password]]) => ({
        why,
        ...shown(await login(email, password)),
      })),
    );
    expect(first?.status).toBe(401);
    for (const { why, ...answer } of others) expect({ ...answer, why }).toEqual({ ...first, why });
    expect((await login(partner.adminEmail, PASSWORD)).status).toBe(200);
  });

  it('takes about as long for nobody as for somebody', async () => {
    // Nine guesses at each account: from the eleventh on they are not looked at.
    const others = await Promise.all(Array.from({ length: 4 }, () => api.createPartner()));
    const [nobody = 0, somebody = 0] = await timesOf(9 * others.length, [
      (n) => guess(`nobody-${n % others.length}@partner.test`),
      (n) => guess(others[n % others.length]?.adminEmail ?? ''),
    ]);
    expect(nobody).toBeGreaterThan(somebody / 2);
    expect(nobody).toBeLessThan(somebody * 2);
  });

  it('is slowed down for an account that does not exist as for one that does', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 11; n += 1) statuses.push((await login('third@partner.test', `guess ${n}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });
});

describe('matches()', () => {
  it('does the work of a comparison when there is nothing to compare with', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash(PASSWORD);
    const [nobody = 0, wrong = 0, right = 0] = await timesOf(15, [
      () => passwords.matches(PASSWORD, undefined),
      () => passwords.matches('a wrong password', hash),
      () => passwords.matches(PASSWORD, hash),
    ]);
    expect(nobody).toBeGreaterThan(Math.max(wrong, right) / 2);
    expect(await passwords.matches('a password that nobody has', undefined)).toBe(false);
  });
});
