import { once } from 'node:events';
import { createServer } from 'node:http';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { type AppParts, createApp } from './app.ts';

it('until it is ready only who asks for health is served, everybody else is told to come again', async () => {
  let isReady = false;
  const pages = ['/healthz', '/readyz', '/'].map((path) => ({ path, answer: () => ({ body: { path } }) }));
  const app = createApp({
    routes: [],
    pages,
    sites: [],
    trustProxy: 0,
    isReady: () => isReady,
    environment: {
      logger: createLogger({ name: 'test', level: 'silent' }),
      outgoing: { hold: () => undefined, reserve: (_who, parts) => parts.length },
    } as Partial<AppParts['environment']> as AppParts['environment'],
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const statusOf = async (path: string) => (await fetch(base + path)).status;
  expect(await Promise.all(['/healthz', '/readyz?x', '/', '/nowhere'].map(statusOf))).toEqual([
    200, 200, 503, 503,
  ]);
  const refused = await fetch(`${base}/`);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({ code: 'unavailable', status: 503 });
  isReady = true;
  expect(await statusOf('/')).toBe(200);
  server.close();
});
