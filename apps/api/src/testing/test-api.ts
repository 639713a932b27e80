import { once } from 'node:events';
import { createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { readConfig } from '../config.ts';
import { composeApi } from '../deps.ts';
import { createHttpServer } from '../http/listen.ts';
import {
  type Answer,
  type CallOptions,
  createClient,
  type NewUser,
  OPERATOR,
  settingsFor,
  type TestPartner,
} from './test-client.ts';

export type TestApi = {
  readonly url: string;
  readonly databases: TestDatabases;
  readonly operatorToken: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The access token. */
  login(email: string, password: string): Promise<string>;
  createPartner(name?: string): Promise<TestPartner>;
  createUser(token: string, user: NewUser): Promise<{ id: string; email: string }>;
  close(): Promise<void>;
};

/** Nobody dispatches here: what was deferred would never be fanned out. */
const NOTHING_DEFERRED = { ANIKA_DEFER_ABOVE: '1000000' };

/** The whole api program in this process, on stores of its own. Endpoints on 127.0.0.1 are allowed. */
export async function startTestApi(settings: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const databases = await createTestDatabases();
  const config = readConfig({ ...settingsFor(databases), ...NOTHING_DEFERRED, ...settings });
  const logger = createLogger({ name: 'api', level: 'silent' });
  const lifecycle = createLifecycle(logger);
  const { app, requireStores, prepare } = composeApi(config, { logger, lifecycle });
  await requireStores();
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
