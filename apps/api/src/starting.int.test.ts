import { once } from 'node:events';
import { createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import { createTestDatabases } from '@anika/testkit/databases';
import { expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { composeApi } from './deps.ts';
import { createHttpServer } from './http/listen.ts';
import { OPERATOR, settingsFor } from './testing/test-client.ts';

it('whoever is told that a process is ready can sign in', async () => {
  const databases = await createTestDatabases();
  const logger = createLogger({ name: 'api', level: 'silent' });
  const lifecycle = createLifecycle(logger);
  const { app, prepare } = composeApi(readConfig(settingsFor(databases)), { logger, lifecycle });
  const server = createHttpServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  const prepared = prepare();
  const seen: string[] = [];
  while (!seen.at(-1)?.startsWith('200')) {
    const { status } = await fetch(`${base}/readyz`);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(OPERATOR);
    const login = await fetch(`${base}/v1/auth/login`, { method: 'POST', headers, body });
    seen.push(`${status} ${login.status}`);
  }
  await prepared;
  expect(seen.at(-1)).toBe('200 200');
  server.closeAllConnections();
  server.close();
  await lifecycle.close();
  await databases.drop();
});
