import { createPrivateKey, randomBytes } from 'node:crypto';
import { secretContext } from '@anika/core/secret-context';
import { createSecretBox, parseSecretKeys } from '@anika/runtime/secret-box';
import { type Contents, readEverything } from '@anika/testkit/contents';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR, settingsFor } from '../apps/api/src/testing/test-client.ts';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

type Scene = Awaited<ReturnType<typeof createScene>>;
/** What nobody may find, by what it is. */
const secrets = new Map<string, string>();

let databases: TestDatabases;
let programs: Program[] = [];
let receiver: Receiver;
let scene: Scene;
let stored: Contents;
let open: Map<string, string>;

const newSecret = () => randomBytes(18).toString('base64url');

function keep(what: string, secret: string): string {
  if (secret.length < 16) throw new Error(`${what} is too short to be looked for`);
  secrets.set(what, secret);
  return secret;
}

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = { ANIKA_LOG_LEVEL: 'trace', ANIKA_RETRY_SCHEDULE: '0s,100ms' };
  programs = await Promise.all([
    startProgram('api', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
  ]);
  receiver = await startReceiver();
  scene = await createScene(programs[0]?.url ?? '');
  await playLogins();
  await playDeliveries();
  open = await readAnswers();
  stored = await readEverything(databases);
  keepPrivateKeys();
  await Promise.all(programs.map((program) => program.stop()));
});

afterAll(async () => {
  await Promise.all([...programs.map((program) => program.stop()), receiver.close()]);
  await databases.drop();
});

async function succeed(method: string, path: string, options: { token?: string; body?: unknown }) {
  const answer = await scene.client.call(method, path, options);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function playLogins(): Promise<void> {
  const { owner, reader, client } = scene;
  keep("the operator's password", OPERATOR.password);
  keep("the admins' password", 'correct horse battery');
  keep("the owner's access token", owner.token);
  keep("the reader's access token", reader.token);
  const user = { email: 'new@partner.test', role: 'viewer' };
  const invited = await succeed('POST', '/v1/users', { token: owner.token, body: user });
  const accepted = {
    token: keep("an invitation's token", invited.token),
    name: 'Анна',
    password: keep("a user's password", newSecret()),
  };
  await succeed('POST', '/v1/invitations/accept', { body: accepted });
  const { items } = await succeed('GET', '/v1/users', { token: owner.token });
  const { id } = items.find((one: { email: string }) => one.email === user.email);
  const open = await succeed('POST', '/v1/invitations', { token: owner.token, body: user });
  keep("an open invitation's token", open.token);
  const password = keep("a user's next password", newSecret());
  await succeed('PATCH', `/v1/users/${id}`, { token: owner.token, body: { password } });
  const login = { email: user.email, password };
  const first = await succeed('POST', '/v1/auth/login', { body: login });
  keep('a first access token', first.accessToken);
  const refresh = { refreshToken: keep('a refresh token', first.refreshToken) };
  const second = await succeed('POST', '/v1/auth/refresh', { body: refresh });
  keep('a refreshed access token', second.accessToken);
  keep('a refreshed refresh token', second.refreshToken);
  const own = { currentPassword: password, newPassword: keep("a user's own next password", newSecret()) };
  const changed = await succeed('POST', '/v1/auth/password', { token: second.accessToken, body: own });
  keep('an access token after a change of the password', changed.accessToken);
  keep('a refresh token after a change of the password', changed.refreshToken);
  const wrong = { email: user.email, password: keep('a mistyped password', newSecret()) };
  expect((await client.call('POST', '/v1/auth/login', { body: wrong })).status).toBe(401);
  expect((await client.call('POST', '/v1/auth/refresh', { body: refresh })).status).toBe(401);
  const asEmail = { email: keep('a password in the place of the email', newSecret()), password: 'x' };
  expect((await client.call('POST', '/v1/auth/login', { body: asEmail })).status).toBe(401);
  const weak = { token: open.token, name: 'Анна', password: keep('a refused password', 'aabb'.repeat(5)) };
  expect((await client.call('POST', '/v1/invitations/accept', { body: weak })).status).toBe(422);
}

async function playDeliveries(): Promise<void> {
  const { reader, owner } = scene;
  const key = keep('an API key', await reader.apiKey());
  await succeed('GET', '/v1/subscriptions', { token: key });
  const revoked = keep('a made-up API key', `ank_${newSecret()}`);
  expect((await scene.client.call('GET', '/v1/topics', { token: revoked })).status).toBe(401);
  const headers = { 'x-partner-token': keep("an endpoint's own credential", newSecret()) };
  const { id, secret } = await scene.subscribe(receiver, { headers });
  keep("an endpoint's secret", secret.replace(/^whsec_/, ''));
  await scene.publish({ car: keep('the data of a delivered message', newSecret()) });
  await receiver.waitFor(1);
  const rotated = await succeed('POST', `/v1/subscriptions/${id}/rotate-secret`, {
    token: reader.token,
    body: { graceSeconds: 600 },
  });
  keep("an endpoint's next secret", rotated.secret.replace(/^whsec_/, ''));
  await scene.publish({ car: 'second' });
  await receiver.waitFor(2);
  receiver.respondWith(() => ({
    status: 500,
    body: keep('what an endpoint answered', 'the answer of an endpoint'),
  }));
  const failing = await scene.publish({ car: keep('the data of a dead message', newSecret()) });
  await eventually(async () => {
    const { items } = await succeed('GET', `/v1/messages/${failing}/deliveries`, { token: owner.token });
    return items[0]?.state === 'dead';
  });
  await succeed('POST', `/v1/subscriptions/${id}/test`, { token: reader.token });
}

/** What the API shows to those who may see the most, and what it tells about itself. */
async function readAnswers(): Promise<Map<string, string>> {
  const { owner, reader, client } = scene;
  const operator = await client.login(OPERATOR.email, OPERATOR.password);
  const answers = new Map<string, string>();
  const read = async (who: string, path: string, token: string) => {
    const body = await succeed('GET', path, { token });
    answers.set(`${path} for ${who}`, typeof body === 'string' ? body : JSON.stringify(body));
  };
  for (const [who, token] of [
    ['the owner', owner.token],
    ['the reader', reader.token],
  ] as const) {
    for (const path of [
      'audit/export',
      'audit?limit=200',
      'api-keys',
      'users',
      'auth/me',
      'grants',
      'deliveries',
    ]) {
      await read(who, `/v1/${path}`, token);
    }
  }
  for (const path of ['/metrics', '/v1/partners', '/readyz', '/openapi.json', '/.well-known/jwks.json']) {
    await read('the operator', path, operator);
  }
  answers.set('/metrics of the dispatcher', await (await fetch(`${programs[1]?.url}/metrics`)).text());
  return answers;
}

function keepPrivateKeys(): void {
  const setting = settingsFor(databases).ANIKA_SECRET_KEYS ?? '';
  keep('the key that seals', setting.slice(setting.indexOf(':') + 1));
  const keys = parseSecretKeys(setting);
  const [row = '{}'] = stored.get('postgres signing_keys') ?? [];
  const { kid, private_key: sealed } = JSON.parse(row);
  if (keys === undefined) throw new Error('the key that seals is not usable');
  const pem = createSecretBox(keys).open(sealed, secretContext.signingKey(kid));
  const { d = '' } = createPrivateKey(pem).export({ format: 'jwk' });
  keep('the private key of access tokens', d);
  keep('the private key of access tokens as PEM', pem.split('\n')[1] ?? '');
}

const ENCODINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  encodeURIComponent,
  (secret) => Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  (secret) => Buffer.from(secret).toString('base64url'),
  (secret) => Buffer.from(secret).toString('hex'),
];

/** Which secrets are in which of the texts. */
function leaks(texts: ReadonlyMap<string, string>): string[] {
  return [...secrets].flatMap(([what, secret]) => {
    const forms = ENCODINGS.map((encode) => encode(secret));
    const places = [...texts].filter(([, text]) => forms.some((form) => text.includes(form)));
    return places.map(([place]) => `${what} in ${place.replace(databases.queuePrefix, '…')}`);
  });
}

const joined = (contents: Contents) =>
  new Map([...contents].map(([place, texts]) => [place, texts.join('\n')]));

describe('after a story of logins, keys, endpoints, deliveries and failures', () => {
  it('the story left its traces everywhere', () => {
    expect(secrets.size).toBeGreaterThan(20);
    for (const program of programs) expect(program.output().split('\n').length).toBeGreaterThan(3);
    const places = [...stored.keys()].join('\n');
    for (const store of ['postgres audit', 'postgres users', 'mongodb messages', 'redis ']) {
      expect(places).toContain(store);
    }
    expect(leaks(new Map([['a text', `x${secrets.get('an API key')}y`]]))).toEqual(['an API key in a text']);
  });

  it('the stores hold no password, token, key, secret or header, and messages only where they belong', () => {
    expect(leaks(joined(stored)).sort()).toEqual([
      'the data of a dead message in mongodb messages',
      'the data of a delivered message in mongodb messages',
      'what an endpoint answered in mongodb deliveries',
    ]);
  });

  it('the logs of both programs hold none of them, at the lowest level', () => {
    const [api, dispatcher] = programs.map((program) => program.output());
    expect(
      leaks(
        new Map([
          ['the log of api', api ?? ''],
          ['the log of dispatcher', dispatcher ?? ''],
        ]),
      ),
    ).toEqual([]);
    expect(`${api}${dispatcher}`).not.toMatch(/whsec_|PRIVATE KEY|\$argon2|Bearer ey/);
  });

  it('metrics, the audit log and all lists hold none of them', () => {
    const mayShow = /^what an endpoint answered in \/v1\/deliveries/;
    expect(leaks(open).filter((leak) => !mayShow.test(leak))).toEqual([]);
    for (const [place, text] of open)
      expect(text, place).not.toMatch(/PRIVATE KEY|\$argon2|"d":|whsec_[A-Za-z0-9+/]{8}/);
  });
});
