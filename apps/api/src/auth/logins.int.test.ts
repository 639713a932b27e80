import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

const PASSWORD = 'correct horse battery';

let api: TestApi;
let partner: TestPartner;

beforeAll(async () => {
  api = await startTestApi({ ANIKA_TRUST_PROXY: '1' });
  partner = await api.createPartner('ЭкспоБанк');
});
afterAll(() => api.close());

function login(email: string, password = PASSWORD, from = '192.0.2.1'): Promise<Answer> {
  const headers = { 'x-forwarded-for': from };
  return api.call('POST', '/v1/auth/login', { body: { email, password }, headers });
}

describe('right passwords', () => {
  it('of one account, forty at once, are all let in', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => login(partner.adminEmail)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('of one account, one after another, are not counted', async () => {
    for (let n = 0; n < 15; n += 1) expect((await login(partner.adminEmail)).status).toBe(200);
  });

  it('too many at once are asked back in a second, not in a quarter of an hour', async () => {
    const answers = await Promise.all(Array.from({ length: 90 }, () => login(partner.adminEmail)));
    for (const { status, headers } of answers) {
      expect([200, 429]).toContain(status);
      if (status === 429) expect(headers.get('retry-after')).toBe('1');
    }
    expect((await login(partner.adminEmail)).status).toBe(200);
  });
});

describe('wrong passwords', () => {
  it('for one account, forty at once, are looked at ten times', async () => {
    const { adminEmail } = await api.createPartner();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => login(adminEmail, `guess ${n}`)));
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(401), count(429)]).toEqual([10, 30]);
    expect((await login(adminEmail)).status).toBe(429);
  });

  it('for one account count for a whole IPv6 /64, and not for the next', async () => {
    const { adminEmail } = await api.createPartner();
    for (let n = 0; n < 10; n += 1) {
      expect((await login(adminEmail, `guess ${n}`, `2001:db8:7:1::${n}`)).status).toBe(401);
    }
    expect((await login(adminEmail, 'one more', '2001:db8:7:1:ffff::1')).status).toBe(429);
    expect((await login(adminEmail, PASSWORD, '2001:db8:7:2::1')).status).toBe(200);
  });

  it('for whatever accounts from one /64, many at once, are looked at a hundred times', async () => {
    const statuses: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          login(`${round}-${n}@nobody.test`, 'guess', `2001:db8:9:9::${n}`),
        ),
      );
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });

  it('are shown to the company of the account as numbers, and to no other', async () => {
    const [victim, other] = [await api.createPartner(), await api.createPartner()];
    for (let n = 0; n < 3; n += 1) await login(victim.adminEmail, `guess ${n}`, `198.51.100.${n}`);
    await login('nobody@nowhere.test', 'guess');
    const failedOf = async ({ token }: TestPartner) =>
      (await api.call('GET', '/v1/audit?action=login.failed', { token })).body.items;
    const entries = await eventually(async () => {
      const found = await failedOf(victim);
      return found.length > 0 ? found : undefined;
    });
    expect(entries).toHaveLength(1);
    const { userId } = (await api.call('GET', '/v1/auth/me', { token: victim.token })).body;
    expect(entries[0]).toMatchObject({
      subjectId: userId,
      actorId: null,
      remoteAddress: expect.stringMatching(/^198\.51\.100\./),
    });
    expect(entries[0].after.attempts).toBeGreaterThan(0);
    expect(await failedOf(other)).toEqual([]);

    // One who holds a session guesses the password of its account.
    const body = { currentPassword: 'a guess', newPassword: 'a new password of some length' };
    const { token } = other;
    expect((await api.call('POST', '/v1/auth/password', { token, body })).status).toBe(422);
    const [entry] = await eventually(async () => {
      const found = await failedOf(other);
      return found.length > 0 ? found : undefined;
    });
    expect(entry).toMatchObject({ actorId: null, after: { attempts: 1 } });
  });
});

describe('an address', () => {
  it.each([
    ['of a domain under .рф', 'admin@xn--80awgdm.xn--p1ai', 'admin@xn--80awgdm.xn--p1ai'],
    ['of the same domain as people write it, in any case', 'Second@САЛОН.рф', 'second@салон.рф'],
    ['with signs that RFC 5321 allows', "o'neil&co/a=b@auto.example", "O'Neil&co/a=b@auto.example"],
  ])('%s registers a company and signs in', async (_what, email, signsInAs) => {
    const body = { name: 'Салон', admin: { email, password: PASSWORD } };
    const made = await api.call('POST', '/v1/partners', { token: api.operatorToken, body });
    expect(made.status).toBe(201);
    expect((await login(signsInAs)).status).toBe(200);
  });

  it.each(['a@127.0.0.1', 'a b@auto.example', 'a@auto..example', `${'l'.repeat(65)}@auto.example`])(
    '"%s" is none',
    async (email) => {
      const answer = await api.call('POST', '/v1/users', {
        token: partner.token,
        body: { email, role: 'viewer' },
      });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'email' }] } });
    },
  );
});
