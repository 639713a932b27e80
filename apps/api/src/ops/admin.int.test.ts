import { createLogger } from '@anika/runtime/logger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../commands.ts';
import { readConfig } from '../config.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { settingsFor, type TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let partner: TestPartner;

const OPERATOR = { email: 'operator@anika.test', password: 'operator-password-1' };

beforeAll(async () => {
  api = await startTestApi();
  partner = await api.createPartner();
});

afterAll(() => api.close());

const cookiesOf = (headers: Headers) => headers.getSetCookie();
const pairOf = (setCookie = '') => setCookie.split(';', 1)[0] ?? '';

async function openForm() {
  const { headers, body } = await api.call('GET', '/admin/login');
  const csrf = /name="csrf" value="([^"]+)"/.exec(String(body))?.[1] ?? '';
  return { cookie: pairOf(cookiesOf(headers)[0]), csrf, setCookie: cookiesOf(headers)[0] ?? '' };
}

function send(
  form: Readonly<Record<string, string>>,
  cookie: string,
  more: Readonly<Record<string, string>> = {},
) {
  return api.call('POST', '/admin/login', {
    rawBody: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...more },
  });
}

async function signIn(): Promise<string> {
  const { cookie, csrf } = await openForm();
  const { headers } = await send({ ...OPERATOR, csrf }, cookie);
  return pairOf(cookiesOf(headers).find((one) => one.startsWith('anika_admin=')));
}

describe('the operators’ login', () => {
  it('lets an operator in, with a cookie that scripts and other sites cannot use', async () => {
    const { cookie, csrf, setCookie } = await openForm();
    expect(setCookie).toMatch(/HttpOnly/i);
    const { status, headers } = await send({ ...OPERATOR, csrf }, cookie);
    expect(status).toBe(303);
    expect(headers.get('location')).toBe('/admin/queues');
    const session = cookiesOf(headers).find((one) => one.startsWith('anika_admin='));
    expect(session).toMatch(/Path=\/admin/);
    expect(session).toMatch(/HttpOnly/);
    expect(session).toMatch(/SameSite=Strict/i);
  });

  it.each([
    ['a wrong password', async () => ({ ...OPERATOR, password: 'not the password' })],
    ['an unknown account', async () => ({ ...OPERATOR, email: 'nobody@anika.test' })],
    ['an admin of a partner', async () => ({ email: partner.adminEmail, password: 'correct horse battery' })],
  ])('refuses %s, with a form to try again', async (_, who) => {
    const { cookie, csrf } = await openForm();
    const { status, headers, body } = await send({ ...(await who()), csrf }, cookie);
    expect(status).toBe(401);
    expect(body).toContain('role="alert"');
    expect(cookiesOf(headers).join()).not.toContain('anika_admin=');
  });

  it('refuses a form that is not its own', async () => {
    const { cookie, csrf } = await openForm();
    const other = await openForm();
    for (const [token, jar] of [
      [other.csrf, cookie],
      [csrf, ''],
      ['', cookie],
      ['', 'anika_form='],
      ['', ''],
      [csrf, 'anika_form='],
      ['made-up', 'anika_form=made-up'],
      [csrf, `anika_form=${csrf}`],
      [csrf, `anika_csrf=${csrf}`],
    ] as const) {
      const { status, headers } = await send({ ...OPERATOR, csrf: token }, jar);
      expect(status).toBe(403);
      expect(cookiesOf(headers).join()).not.toContain('anika_admin=');
    }
  });

  it.each<Record<string, string>>([{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])(
    'refuses a form that comes from elsewhere: %o',
    async (headers) => {
      const { cookie, csrf } = await openForm();
      expect((await send({ ...OPERATOR, csrf }, cookie, headers)).status).toBe(403);
    },
  );

  it('over HTTPS has cookies that no neighbour of the host can set', async () => {
    const secure = await startTestApi({ ANIKA_PUBLIC_URL: 'https://anika.example' });
    const { headers, body } = await secure.call('GET', '/admin/login');
    const [setCookie = ''] = cookiesOf(headers);
    expect(setCookie).toMatch(/^__Host-anika_form=[^;]+;.*Path=\/;.*Secure/);
    const csrf = /name="csrf" value="([^"]+)"/.exec(String(body))?.[1] ?? '';
    const answer = await secure.call('POST', '/admin/login', {
      rawBody: new URLSearchParams({ ...OPERATOR, csrf }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: pairOf(setCookie) },
    });
    expect(cookiesOf(answer.headers).join()).toMatch(/__Host-anika_admin=[^;]+;.*Path=\/;.*Secure/);
    await secure.close();
  });

  it('shows what was typed as text, not as markup', async () => {
    const { cookie, csrf } = await openForm();
    const { body } = await send({ email: '"><script>alert(1)</script>', password: 'x', csrf }, cookie);
    expect(body).not.toContain('<script>alert');
  });
});

describe('a board that may be written to', () => {
  const WRITABLE = { ANIKA_BOARD_WRITABLE: 'true' };
  let writable: TestApi;
  let own: Record<string, string>;

  beforeAll(async () => {
    writable = await startTestApi(WRITABLE);
    own = await signedIn();
  });
  afterAll(() => writable.close());

  async function signedIn(): Promise<Record<string, string>> {
    const { headers, body: page } = await writable.call('GET', '/admin/login');
    const csrf = /name="csrf" value="([^"]+)"/.exec(String(page))?.[1] ?? '';
    const login = await writable.call('POST', '/admin/login', {
      rawBody: new URLSearchParams({ ...OPERATOR, csrf }).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: pairOf(cookiesOf(headers)[0]),
      },
    });
    const cookie = pairOf(cookiesOf(login.headers).find((one) => one.startsWith('anika_admin=')));
    return { cookie, 'sec-fetch-site': 'same-origin' };
  }

  async function put(method: string, path: string, body: unknown = {}): Promise<number> {
    return (await writable.call(method, `/admin/queues/api/queues${path}`, { body, headers: own })).status;
  }

  /** Of the queue of deliveries, by the state of its jobs; as the board reads them, which keeps no old answer. */
  async function counts(): Promise<unknown> {
    const { body } = await writable.call('GET', '/admin/queues/api/queues', { headers: own });
    return body.queues.find(({ name }: { name: string }) => name === 'deliver')?.counts;
  }

  it.each([
    ['POST', '/deliver/add'],
    ['POST', '/deliver/add/'],
    ['POST', '/Deliver/ADD'],
    ['PUT', '/deliver/add'],
    ['PATCH', '/deliver/1/update-data'],
    ['PATCH', '/deliver/1/delay'],
    ['PATCH', '/deliver/1/priority'],
    ['PUT', '/deliver/concurrency'],
    ['PUT', '/deliver/rate-limit'],
    ['PUT', '/deliver/obliterate'],
    ['PUT', '/maintenance/job-schedulers/sweep/run'],
    ['PATCH', '/maintenance/job-schedulers/sweep'],
  ])('adds and changes no job: %s %s', async (method, path) => {
    const job = { name: 'deliver', data: { messageId: 'msg_1', subscriptionId: 'sub_1' }, jobData: {} };
    expect([403, 405]).toContain(await put(method, path, job));
    expect(await counts()).toMatchObject({ waiting: 0, delayed: 0, prioritized: 0 });
  });

  it.each(['/deliver/pause', '/deliver/resume', '/pause', '/resume', '/dead-letter/clean/completed'])(
    'does what it is for: %s',
    async (path) => {
      expect(await put('PUT', path)).toBe(200);
    },
  );
});

describe('Bull Board at /admin/queues', () => {
  it('asks a browser to sign in, and answers 401 to programs and to forged sessions', async () => {
    const page = await api.call('GET', '/admin/queues', { headers: { accept: 'text/html' } });
    expect(page).toMatchObject({ status: 303 });
    const headers = { accept: 'application/json' };
    expect((await api.call('GET', '/admin/queues/api/queues', { headers })).status).toBe(401);
    const forged = { ...headers, cookie: 'anika_admin=k1.AAAA.AAAA.AAAA' };
    expect((await api.call('GET', '/admin/queues/api/queues', { headers: forged })).status).toBe(401);
    const bearer = { headers, token: partner.token };
    expect((await api.call('GET', '/admin/queues/api/queues', bearer)).status).toBe(401);
  });

  const statusWith = async (cookie: string) =>
    (await api.call('GET', '/admin/queues/api/queues', { headers: { cookie, accept: 'application/json' } }))
      .status;

  it.each<[string, (cookie: string) => Promise<unknown>]>([
    [
      'a logout, for who has kept the cookie',
      (cookie) => api.call('POST', '/admin/logout', { headers: { cookie, 'sec-fetch-site': 'same-origin' } }),
    ],
    [
      'ending all sessions',
      async () => {
        const token = await api.login(OPERATOR.email, OPERATOR.password);
        return api.call('DELETE', '/v1/auth/sessions', { token });
      },
    ],
    [
      'a new password',
      async () => {
        const settings = {
          ...settingsFor(api.databases),
          ANIKA_OPERATOR_EMAIL: OPERATOR.email,
          ANIKA_OPERATOR_PASSWORD: OPERATOR.password,
        };
        const logger = createLogger({ name: 'api', level: 'silent' });
        return COMMANDS['set-operator']?.(readConfig(settings), logger);
      },
    ],
  ])('ends with %s', async (_what, end) => {
    const cookie = await signIn();
    expect(await statusWith(cookie)).toBe(200);
    await end(cookie);
    await expect.poll(() => statusWith(cookie)).toBe(401);
  });

  it('shows the three queues to an operator, read-only', async () => {
    const cookie = await signIn();
    const { status, body } = await api.call('GET', '/admin/queues/api/queues', { headers: { cookie } });
    expect(status).toBe(200);
    expect(body.queues.map((queue: { name: string }) => queue.name).sort()).toEqual([
      'dead-letter',
      'deliver',
      'maintenance',
    ]);
    expect(body.queues.every((queue: { readOnlyMode: boolean }) => queue.readOnlyMode)).toBe(true);
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const paused = await api.call('PUT', '/admin/queues/api/queues/deliver/pause', { headers });
    expect(paused.status).toBeGreaterThanOrEqual(400);
  });

  it('takes no change that another site asks for', async () => {
    const cookie = await signIn();
    const foreign: Readonly<Record<string, string>>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'https://evil.example' },
      {},
    ];
    for (const headers of foreign) {
      const answer = await api.call('PUT', '/admin/queues/api/queues/deliver/pause', {
        headers: { cookie, ...headers },
      });
      expect(answer.status).toBe(403);
    }
  });

  it('loads nothing from elsewhere, runs no script of the page, and does not say what it is made with', async () => {
    const cookie = await signIn();
    const { status, body, headers } = await api.call('GET', '/admin/queues', { headers: { cookie } });
    expect(status).toBe(200);
    expect(body).toContain('static/js/main');
    expect(body).not.toMatch(/(?:href|src)="https?:/);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    expect(body.match(/<script(?![^>]*(?:src=|type="application\/json"))/g)).toBeNull();
    for (const path of ['/admin/queues', '/admin/queues/api/queues', '/admin/queues/none', '/docs/none']) {
      const answer = await api.call('GET', path, { headers: { cookie } });
      expect(answer.headers.get('x-powered-by'), path).toBeNull();
    }
  });

  it('is framed by nobody', async () => {
    const { headers } = await api.call('GET', '/admin/login');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});
