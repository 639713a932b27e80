/** A variable that no settings schema knows, because something else than the two programs reads it. */
export type OtherSetting = {
  readonly name: string;
  readonly form: string;
  /** As Markdown; `required`, or what holds when it is not set. */
  readonly defaultValue: string;
  readonly description: string;
  readonly secret: boolean;
};

function setting(
  name: string,
  form: string,
  rest: Omit<OtherSetting, 'name' | 'form' | 'secret'>,
): OtherSetting {
  return { name, form, secret: false, ...rest };
}

function secret(
  name: string,
  form: string,
  rest: Omit<OtherSetting, 'name' | 'form' | 'secret'>,
): OtherSetting {
  return { ...setting(name, form, rest), secret: true };
}

/** Read by `./anika`; what it gives the programs differs from their own defaults. */
export const LAUNCHER: readonly OtherSetting[] = [
  setting('ANIKA_HOME', 'path', {
    defaultValue: '`.anika` in the repository',
    description: 'Folder of the data, logs, ports and secrets of `./anika up`',
  }),
  secret('DATABASE_URL', 'text', {
    defaultValue: 'a server of its own',
    description: 'PostgreSQL to use instead of starting one',
  }),
  secret('MONGODB_URL', 'text', {
    defaultValue: 'a server of its own',
    description: 'MongoDB to use instead of starting one; without a database name it becomes `anika`',
  }),
  secret('REDIS_URL', 'text', {
    defaultValue: 'a server of its own',
    description: 'Redis to use instead of starting one',
  }),
  secret('ANIKA_SECRET_KEYS', 'text', {
    defaultValue: 'made once, kept in the home folder',
    description: 'Handed to both programs',
  }),
  setting('ANIKA_OPERATOR_EMAIL', 'email', {
    defaultValue: '`operator@anika.example`',
    description: 'Handed to the api',
  }),
  secret('ANIKA_OPERATOR_PASSWORD', 'text', {
    defaultValue: 'made once, kept in the home folder',
    description: 'Handed to the api',
  }),
  setting('ANIKA_HOST', 'text', {
    defaultValue: '`127.0.0.1`',
    description: 'Handed to both programs; a trial on a laptop is not for its network',
  }),
  setting('ANIKA_PUBLIC_URL', 'URL', {
    defaultValue: 'the address it starts the api at',
    description: 'Handed to the api',
  }),
  setting('MONGOMS_DOWNLOAD_MIRROR', 'URL', {
    defaultValue: '`https://fastdl.mongodb.org`',
    description: 'Where `mongod` is fetched from when there is none on PATH',
  }),
  setting('LC_ALL', 'locale', {
    defaultValue: '`LC_MESSAGES`',
    description:
      'Language of `./anika demo` and of what is said while packages are installed: Russian where this is, else English; `--lang` goes before it',
  }),
  setting('LC_MESSAGES', 'locale', { defaultValue: '`LANG`', description: 'The same, without `LC_ALL`' }),
  setting('LANG', 'locale', { defaultValue: 'English', description: 'The same, without either' }),
  setting('NO_COLOR', 'any text', {
    defaultValue: 'colours on a terminal',
    description: 'Set: `./anika demo` prints without colours',
  }),
];

/** Set by `./anika test` for the tests it runs; to be given when vitest is started by hand on other servers. */
export const TESTS: readonly OtherSetting[] = [
  secret('ANIKA_TEST_DATABASE_URL', 'text', {
    defaultValue: 'the server of the home folder',
    description: 'PostgreSQL for the tests; each test file makes databases of its own in it',
  }),
  secret('ANIKA_TEST_MONGODB_URL', 'text', {
    defaultValue: 'the server of the home folder',
    description: 'MongoDB for the tests; each test file makes databases of its own in it',
  }),
  secret('ANIKA_TEST_REDIS_URL', 'text', {
    defaultValue: 'the server of the home folder',
    description: 'Redis for the tests; each test file uses a prefix of its own',
  }),
];

/** Read by Docker Compose from `.env`. */
export const COMPOSE: readonly OtherSetting[] = [
  secret('POSTGRES_APP_PASSWORD', 'letters and digits', {
    defaultValue: '**required**',
    description: "Password of the programs' role in PostgreSQL; becomes part of `DATABASE_URL`",
  }),
  secret('POSTGRES_MIGRATE_PASSWORD', 'letters and digits', {
    defaultValue: '**required**',
    description: 'Password of the role that owns the tables; only the command `migrate` has it',
  }),
  secret('POSTGRES_PASSWORD', 'letters and digits', {
    defaultValue: '**required**',
    description: 'Password of the superuser of PostgreSQL, which no program has',
  }),
  secret('MONGO_APP_PASSWORD', 'letters and digits', {
    defaultValue: '**required**',
    description: "Password of the programs' user in MongoDB; becomes part of `MONGODB_URL`",
  }),
  secret('MONGO_PASSWORD', 'letters and digits', {
    defaultValue: '**required**',
    description: 'Password of the administrator of MongoDB, which no program has',
  }),
  secret('REDIS_PASSWORD', 'letters and digits', {
    defaultValue: '**required**',
    description: "Password of the programs' user in Redis; becomes part of `REDIS_URL`",
  }),
  setting('ANIKA_GATEWAY_BIND', 'IP address', {
    defaultValue: '`127.0.0.1`',
    description: 'Address of this machine at which the gateway is published, in plain HTTP: put TLS in front',
  }),
  setting('ANIKA_GATEWAY_PORT', 'port', {
    defaultValue: '`8080`',
    description: 'Port of this machine at which the gateway is published',
  }),
  setting('ANIKA_GATEWAY_TRUSTS', 'IP address or CIDR block', {
    defaultValue: '`192.0.2.1` (nobody)',
    description:
      'What ends TLS in front of the gateway, as its container sees it: its X-Forwarded-For counts',
  }),
];

/** Filled into the nginx template when the gateway starts. */
export const GATEWAY: readonly OtherSetting[] = [
  setting('ANIKA_GATEWAY_LISTEN', 'address or port', {
    defaultValue: '**required**',
    description: 'Where nginx listens',
  }),
  setting('ANIKA_GATEWAY_TRUSTS', 'IP address or CIDR block', {
    defaultValue: '**required**',
    description: 'The proxy in front whose X-Forwarded-For counts',
  }),
  setting('ANIKA_RESOLVER', 'IP address', {
    defaultValue: '**required**',
    description: 'Name server for the three addresses below',
  }),
  setting('ANIKA_AUTH_SERVER', 'host:port', {
    defaultValue: '**required**',
    description: 'The api that serves the module `auth`',
  }),
  setting('ANIKA_TOPICS_SERVER', 'host:port', {
    defaultValue: '**required**',
    description: 'The api that serves the module `topics`',
  }),
  setting('ANIKA_MESSAGES_SERVER', 'host:port', {
    defaultValue: '**required**',
    description: 'The api that serves the module `messages`',
  }),
];
