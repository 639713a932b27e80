import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Authenticator, setUpFactor } from '../testing/authenticator.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

const OPERATOR = { email: 'operator@anika.test', password: 'operator-password-1' };

let api: TestApi;
let app: Authenticator;

beforeAll(async () => {
  api = await startTestApi();
  app = await setUpFactor(api, api.operatorToken, OPERATOR.password);
});
afterAll(() => api.close());

const pairOf = (setCookie = '') => setCookie.split(';', 1)[0] ?? '';
const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1];

async function send(form: Readonly<Record<string, string>>) {
  const page = await api.call('GET', '/admin/login');
  const csrf = hidden(String(page.body), 'csrf') ?? '';
  const cookie = pairOf(page.headers.getSetCookie()[0]);
  return api.call('POST', '/admin/login', {
    rawBody: new URLSearchParams({ ...form, csrf }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
  });
}

async function challenge(): Promise<string> {
  const { status, body, headers } = await send(OPERATOR);
  expect(status).toBe(200);
  expect(body).toContain('autocomplete="one-time-code"');
  expect(headers.getSetCookie().some((one) => one.startsWith('anika_admin='))).toBe(false);
  return hidden(String(body), 'challenge') ?? '';
}

it('an operator who has a second factor gets into the pages with its code, once', async () => {
  const [first, second] = [await challenge(), await challenge()];
  const code = app.code();
  const { status, headers } = await send({ challenge: first, code: `${code.slice(0, 3)} ${code.slice(3)}` });
  expect(status).toBe(303);
  const cookie = pairOf(headers.getSetCookie().find((one) => one.startsWith('anika_admin=')));
  expect((await api.call('GET', '/admin/queues/', { headers: { cookie } })).status).toBe(200);

  const again = await send({ challenge: second, code });
  expect(again.status).toBe(401);
  expect(again.body).toContain('one-time-code');
  expect((await send({ challenge: second, code: app.recoveryCodes[0] ?? '' })).status).toBe(303);
});

it('a login that is not under way begins with the password', async () => {
  const { status, body } = await send({ challenge: 'anc_made.up.by.hand', code: app.code(1) });
  expect(status).toBe(401);
  expect(body).toContain('name="password"');
});
