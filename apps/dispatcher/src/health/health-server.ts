import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Metrics } from '@anika/runtime/metrics';

type Store = { readonly name: string; readonly ping: () => Promise<void> };

export type HealthNeeds = {
  readonly stores: readonly Store[];
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** Without one, only this machine may read the metrics. */
  readonly metricsToken: string | undefined;
};

const PING_TIMEOUT_MS = 2000;

/** `/healthz`, `/readyz` and `/metrics` of a dispatcher; returns how to stop. */
export async function startHealthServer(
  needs: HealthNeeds,
  address: { host: string; port: number },
): Promise<() => Promise<void>> {
  const server = createServer((req, res) => {
    answer(req, res, needs).catch(() => res.writeHead(500).end());
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

async function answer(req: IncomingMessage, res: ServerResponse, needs: HealthNeeds): Promise<void> {
  const path = (req.url ?? '').split('?', 1)[0];
  if (path === '/healthz') return json(res, 200, { status: 'ok' });
  if (path === '/readyz') return readiness(res, needs.stores);
  if (path !== '/metrics') return json(res, 404, { status: 'not found' });
  if (!mayReadMetrics(req, needs.metricsToken)) return json(res, 401, { status: 'unauthenticated' });
  res.writeHead(200, { 'content-type': needs.metrics.contentType });
  res.end(await needs.metrics.text());
}

function mayReadMetrics(req: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return /^(::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '');
  const [given, expected] = [Buffer.from(req.headers.authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readiness(res: ServerResponse, stores: readonly Store[]): Promise<void> {
  const states = await Promise.all(
    stores.map(async ({ name, ping }) => [name, (await answers(ping)) ? 'ok' : 'missing'] as const),
  );
  const missing = states.filter(([, state]) => state !== 'ok').map(([name]) => name);
  const ready = missing.length === 0;
  json(res, ready ? 200 : 503, {
    status: ready ? 'ready' : 'not ready',
    stores: Object.fromEntries(states),
    ...(!ready && { missing }),
  });
}

async function answers(ping: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  });
  const answered = ping().then(
    () => true,
    () => false,
  );
  const result = await Promise.race([answered, late]);
  clearTimeout(timer);
  return result;
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
