import { randomBytes } from 'node:crypto';
import { type Client, createClient as createTypedClient } from '@anika/client/client';
import * as auth from '@anika/contracts/auth';
import { acceptInvitation } from '@anika/contracts/invitations';
import * as partners from '@anika/contracts/partners';
import type { Role, Scope } from '@anika/core/access';
import type { TestDatabases } from '@anika/testkit/databases';

// Loads nothing of the api itself: what looks at a program from outside need not wait for that.

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
  /** The API as its admin. */
  readonly client: Client;
  /** A new user of that role, signed in. */
  userToken(role: Exclude<Role, 'operator'>): Promise<string>;
  apiKey(scopes?: readonly Scope[]): Promise<string>;
};

export type NewUser = {
  readonly email: string;
  readonly role: Exclude<Role, 'operator'>;
  readonly password?: string;
};

export const OPERATOR = { email: 'operator@anika.test', password: 'operator-password-1' };
/** Of every user who is made without another. */
export const PASSWORD = 'correct horse battery';

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
    ANIKA_MAX_SUBSCRIPTIONS: '1000',
    ANIKA_SEARCH_MS_PER_SECOND: '1000000',
  };
}

/**
 * An API at an address, whatever process it runs in. `call` is the bare way for tests that send what no contract allows,
 * or look at what no contract has; programs, and tests that want neither, go through `libs/client`.
 */
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

  const anyone = createTypedClient({ baseUrl: url });

  async function login(email: string, password: string): Promise<string> {
    return (await anyone.ask(auth.login, { body: { email, password } })).accessToken;
  }

  /** Invites somebody, who accepts. */
  async function createUser(
    token: string,
    { password = PASSWORD, ...body }: NewUser,
  ): Promise<{ id: string; email: string }> {
    const admin = anyone.as(token);
    const invited = await admin.ask(partners.createUser, { body });
    const accepting = { token: invited.token, name: 'Анна', password };
    await anyone.ask(acceptInvitation, { body: accepting });
    const { items } = await admin.ask(partners.listUsers, { query: { limit: 200 } });
    const user = items.find((one) => one.email === body.email);
    if (user === undefined) throw new Error('the user is not there after accepting');
    return user;
  }

  async function createPartner(name = `Партнёр ${randomBytes(4).toString('hex')}`): Promise<TestPartner> {
    const operator = anyone.as(await login(OPERATOR.email, OPERATOR.password));
    const adminEmail = `admin-${randomBytes(6).toString('hex')}@partner.test`;
    const admin = { email: adminEmail, password: PASSWORD };
    const { id } = await operator.ask(partners.createPartner, { body: { name, admin } });
    const token = await login(adminEmail, PASSWORD);
    return {
      id,
      name,
      adminEmail,
      token,
      client: anyone.as(token),
      async userToken(role) {
        const email = `${role}-${randomBytes(6).toString('hex')}@partner.test`;
        await createUser(token, { email, role });
        return login(email, PASSWORD);
      },
      async apiKey(scopes) {
        const body = { name: 'test', ...(scopes !== undefined && { scopes: [...scopes] }) };
        return (await anyone.as(token).ask(partners.createApiKey, { body })).key;
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
