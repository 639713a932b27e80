import { createTestDatabases } from '@anika/testkit/databases';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import type { ServerUrls } from '@anika/testkit/servers';
import { ensureTemplate } from '@anika/testkit/template';
import { createClient } from '../../apps/api/src/testing/test-client.ts';
import { type Program, startProgram } from '../../e2e/support/program.ts';

export type Client = ReturnType<typeof createClient>;

/** Both programs on stores of their own, and an endpoint that takes everything. */
export type Anika = {
  readonly url: string;
  readonly client: Client;
  readonly receiver: Receiver;
  /** An operator's, made for whoever asks: one ends after a quarter of an hour, or by what is tried with it. */
  operatorToken(): Promise<string>;
  /** For the figures alone. */
  readonly metricsToken: string;
  /** What went wrong with the programs themselves since they were started. */
  troubles(): Promise<readonly string[]>;
  stop(): Promise<void>;
};

const OPERATOR = { email: 'operator@anika.test', password: 'operator-password-1' };

const METRICS_TOKEN = 'metrics-token-of-the-fuzzer';

/** Limits that tell a test nothing: it is one address and a few companies that call all the time. */
const SETTINGS = {
  ANIKA_RATE_ANONYMOUS: '1000000',
  ANIKA_RATE_MANAGE: '1000000',
  ANIKA_RATE_READ: '1000000',
  ANIKA_RATE_PUBLISH: '1000000',
  ANIKA_METRICS_TOKEN: METRICS_TOKEN,
  ANIKA_LOG_LEVEL: 'error',
};

export async function startAnika(servers: ServerUrls): Promise<Anika> {
  await ensureTemplate(servers.databaseUrl);
  const databases = await createTestDatabases(servers);
  const options = { databases, settings: SETTINGS };
  const [api, dispatcher, receiver] = await Promise.all([
    startProgram('api', options),
    startProgram('dispatcher', options),
    startReceiver(),
  ]);
  const client = createClient(api.url);
  return {
    url: api.url,
    client,
    receiver,
    operatorToken: () => client.login(OPERATOR.email, OPERATOR.password),
    metricsToken: METRICS_TOKEN,
    async troubles() {
      const found = await Promise.all([troublesOf('api', api), troublesOf('dispatcher', dispatcher)]);
      return found.flat();
    },
    async stop() {
      await Promise.all([api.stop(), dispatcher.stop(), receiver.close()]);
      await databases.drop();
    },
  };
}

async function troublesOf(name: string, program: Program): Promise<string[]> {
  const alive = await fetch(`${program.url}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );
  // Nothing starts it again here: a process that answers is the one that was started.
  const errors = errorLines(program.output()).map((line) => `${name} logged ${line.slice(0, 300)}`);
  return alive ? errors : [`${name} is not ready any more`, ...errors];
}

/** Lines of the log that tell of an error; what is expected of callers is logged below that. */
export function errorLines(output: string): string[] {
  return output
    .split('\n')
    .filter((line) => /"level":"(error|fatal)"/.test(line) || /^\s+at |Unhandled|Uncaught/.test(line));
}
