import { connectPostgres } from '@anika/stores/postgres/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let partner: TestPartner;
let key: string;

/** 20 in a window of 10 s, by address. */
beforeAll(async () => {
  api = await startTestApi({
    ANIKA_RATE_ANONYMOUS: '2',
    ANIKA_RATE_READ: '3',
    ANIKA_TRUST_PROXY: '1',
    ANIKA_METRICS_TOKEN: 'right-metrics-token',
  });
  partner = await api.createPartner();
  key = await partner.apiKey(['read']);
});
afterAll(() => api.close());

type Try = { path?: string; token?: string; from: string };

function attempt({ path = '/v1/topics', token, from }: Try) {
  return api.call('GET', path, { token, headers: { 'x-forwarded-for': from } });
}

async function statuses(count: number, make: (n: number) => Try): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, (_, n) => attempt(make(n))));
  return answers.map(({ status }) => status).sort();
}

async function keyScans(): Promise<number> {
  const postgres = connectPostgres({ url: api.databases.databaseUrl });
  const [row] = await postgres.db.$queryRaw<{ n: bigint }[]>`
    SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS n FROM pg_stat_user_tables WHERE relname = 'api_keys'`;
  await postgres.close();
  return Number(row?.n);
}

describe('credentials that are refused', () => {
  it.each([
    ['made-up keys', (n: number) => ({ token: `ank_madeup${n}`, from: '192.0.2.1' })],
    ['made-up tokens', (n: number) => ({ token: `a.b.${n}`, from: '192.0.2.2' })],
    ['no credential', () => ({ from: '192.0.2.3' })],
    ['an IPv6 network', (n: number) => ({ token: 'no', from: `2001:db8:0:1::${n.toString(16)}` })],
    [
      'guesses of the metrics token',
      (n: number) => ({ path: '/metrics', token: `no${n}`, from: '192.0.2.4' }),
    ],
    [
      'questions of the gateway',
      (n: number) => ({ path: '/internal/auth/verify', token: `${n}`, from: '192.0.2.5' }),
    ],
  ])('count by address: %s', async (_what, make) => {
    expect(await statuses(60, make)).toEqual([
      ...Array.from({ length: 20 }, () => 401),
      ...Array.from({ length: 40 }, () => 429),
    ]);
  });

  it('are answered with when to try again, and do not lock out who was let in before', async () => {
    const from = '192.0.2.7';
    expect((await attempt({ token: key, from })).status).toBe(200);
    await statuses(40, (n) => ({ token: `ank_madeup${n}`, from }));
    const refused = await attempt({ token: 'ank_another', from });
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await attempt({ token: key, from })).status).toBe(200);
    expect((await attempt({ token: 'no', from: '192.0.2.8' })).status).toBe(401);
  });

  it('cost no query once the quota is used up', async () => {
    const from = '192.0.2.9';
    await statuses(40, (n) => ({ token: `ank_${n}`, from }));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = await keyScans();
    await statuses(200, (n) => ({ token: `ank_later${n}`, from }));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await keyScans()) - before).toBeLessThan(20);
  });
});

describe('quotas', () => {
  it('count a key for itself, and all keys of a company together', async () => {
    const company = await api.createPartner();
    const keys = await Promise.all(Array.from({ length: 5 }, () => company.apiKey(['read'])));
    const all = await Promise.all(keys.map((token) => statuses(30, () => ({ token, from: '192.0.2.20' }))));
    // 30 in 10 s for a key, 60 for the company; not one of the 150 at once counts as a guess.
    expect(all.flat()).not.toContain(401);
    const letIn = all.map((some) => some.filter((status) => status === 200).length);
    expect(Math.max(...letIn)).toBeLessThanOrEqual(30);
    expect(letIn.reduce((sum, n) => sum + n, 0)).toBe(60);
  });
});
