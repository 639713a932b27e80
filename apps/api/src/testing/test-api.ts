import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Role, Scope } from '@anika/core/access';
import { createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { readConfig } from '../config.ts';
import { composeApi } from '../deps.ts';
import { createHttpServer } from '../http/listen.ts';

/** Tests look into answers of every shape. */
type ParsedJson = ReturnType<typeof JSON.parse>;

export type Answer = {
  readonly status: number;
  readonly body: ParsedJson;
  readonly headers: Headers;
};

export type CallOptions = {
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** Sent as it is instead of `body`. */
  readonly rawBody?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

export type TestPartner = {
  readonly id: string;
  readonly name: string;
  readonly adminEmail: string;
  /** Of its admin. */
  readonly token: string;
  /** A new user of that role, signed in. */
  userToken(role: Exclude<Role, 'operator'>): Promise<string>;
  apiKey(scopes?: readonly Scope[]): Promise<string>;
};

export type TestApi = {
  readonly url: string;
  readonly databases: TestDatabases;
  readonly operatorToken: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The access token. */
  login(email: string, password: string): Promise<string>;
  createPartner(name?: string): Promise<TestPartner>;
  createUser(
    token: string,
    user: { email: string; role: string; password?: string },
  ): Promise<{ id: string; email: string }>;
  close(): Promise<void>;
};

const OPERATOR = { email: 'operator@anika.test', password: 'operator-password-1' };
const PASSWORD = 'correct horse battery';

/** The whole api program in this process, on stores of its own. Endpoints on 127.0.0.1 are allowed. */
export async function startTestApi(settings: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const databases = await createTestDatabases();
  const config = readConfig({ ...settingsFor(databases), ...settings });
  const logger = createLogger({ name: 'api', level: 'silent' });
  const lifecycle = createLifecycle(logger);
  const { app, prepare } = composeApi(config, { logger, lifecycle });
  await prepare();
  const server = createHttpServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the API has no port');
  const client = createClient(`http://127.0.0.1:${address.port}`);
  return {
    ...client,
    databases,
    operatorToken: await client.login(OPERATOR.email, OPERATOR.password),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await lifecycle.close();
      await databases.drop();
    },
  };
}

/** What a process needs to run on these stores. */
export function settingsFor(databases: TestDatabases): Record<string, string> {
  return {
    DATABASE_URL: databases.databaseUrl,
    MONGODB_URL: databases.mongodbUrl,
    REDIS_URL: databases.redisUrl,
    ANIKA_QUEUE_PREFIX: databases.queuePrefix,
    ANIKA_SECRET_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    ANIKA_EGRESS_ALLOW: '127.0.0.1',
    ANIKA_OPERATOR_EMAIL: OPERATOR.email,
    ANIKA_OPERATOR_PASSWORD: OPERATOR.password,
    ANIKA_LOG_LEVEL: 'warn',
    ANIKA_RATE_ANONYMOUS: '10000',
  };
}

/** Calls an API at an address, whatever process it runs in. */
export function createClient(url: string) {
  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { token, body, rawBody } = options;
    const payload = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...options.headers,
      },
      ...(payload !== undefined && { body: payload }),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, body: isJson ? parse(text) : text, headers: response.headers };
  }

  async function login(email: string, password: string): Promise<string> {
    const { status, body } = await call('POST', '/v1/auth/login', { body: { email, password } });
    if (status !== 200) throw new Error(`login of ${email} answered ${status}: ${JSON.stringify(body)}`);
    return body.accessToken;
  }

  /** Invites somebody, who accepts. */
  async function createUser(
    token: string,
    { password = PASSWORD, ...body }: { email: string; role: string; password?: string },
  ): Promise<{ id: string; email: string }> {
    const invited = await call('POST', '/v1/users', { token, body });
    const accepted = await call('POST', '/v1/invitations/accept', {
      body: { token: invited.body.token, name: 'Анна', password },
    });
    const { body: users } = await call('GET', '/v1/users?limit=200', { token });
    const user = users.items?.find((one: { email: string }) => one.email === body.email);
    if (user === undefined) throw new Error(`user not created: ${invited.status}, ${accepted.status}`);
    return user;
  }

  async function createPartner(name = `Партнёр ${randomBytes(4).toString('hex')}`): Promise<TestPartner> {
    const operator = await login(OPERATOR.email, OPERATOR.password);
    const adminEmail = `admin-${randomBytes(6).toString('hex')}@partner.test`;
    const created = await call('POST', '/v1/partners', {
      token: operator,
      body: { name, admin: { email: adminEmail, password: PASSWORD } },
    });
    if (created.status !== 201) throw new Error(`partner not created: ${JSON.stringify(created.body)}`);
    const token = await login(adminEmail, PASSWORD);
    return {
      id: created.body.id,
      name,
      adminEmail,
      token,
      async userToken(role) {
        const email = `${role}-${randomBytes(6).toString('hex')}@partner.test`;
        await createUser(token, { email, role });
        return login(email, PASSWORD);
      },
      async apiKey(scopes) {
        const { body } = await call('POST', '/v1/api-keys', {
          token,
          body: { name: 'test', ...(scopes !== undefined && { scopes }) },
        });
        return body.key;
      },
    };
  }

  return { url, call, login, createPartner, createUser };
}

/** NDJSON stays text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
