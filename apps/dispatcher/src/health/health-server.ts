import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHttpServer } from '@anika/runtime/http-server';
import { memoFor } from '@anika/runtime/memo';
import type { Metrics } from '@anika/runtime/metrics';
import { createReadiness, type Dependency, type Readiness } from '@anika/runtime/readiness';

export type HealthNeeds = {
  readonly stores: readonly Dependency[];
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** Without one, only this machine may read the metrics. */
  readonly metricsToken: string | undefined;
  readonly clock: { now(): number };
};

type Asked = {
  readonly readiness: () => Promise<Readiness>;
  readonly metricsText: () => Promise<string>;
  readonly metricsType: string;
  readonly metricsToken: string | undefined;
};

/** Anyone may ask: however often, the figures are collected once in so long. */
const KEPT_MS = 1000;

/** `/healthz`, `/readyz` and `/metrics` of a dispatcher; returns how to stop. */
export async function startHealthServer(
  { stores, metrics, metricsToken, clock }: HealthNeeds,
  address: { host: string; port: number },
): Promise<() => Promise<void>> {
  const asked: Asked = {
    readiness: createReadiness(stores, clock),
    metricsText: memoFor(KEPT_MS, () => metrics.text(), clock),
    metricsType: metrics.contentType,
    metricsToken,
  };
  const server = createHttpServer(
    (req, res) => {
      answer(req, res, asked).catch(() => res.writeHead(500).end());
    },
    {
      refuse: ({ detail }) => ({
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ status: detail }),
      }),
    },
  );
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

async function answer(req: IncomingMessage, res: ServerResponse, asked: Asked): Promise<void> {
  const path = (req.url ?? '').split('?', 1)[0];
  if (path === '/healthz') return json(res, 200, { status: 'ok' });
  if (path === '/readyz') {
    const { ready, body } = await asked.readiness();
    return json(res, ready ? 200 : 503, body);
  }
  if (path !== '/metrics') return json(res, 404, { status: 'not found' });
  if (!mayReadMetrics(req, asked.metricsToken)) return json(res, 401, { status: 'unauthenticated' });
  const text = await asked.metricsText();
  res.writeHead(200, { 'content-type': asked.metricsType }).end(text);
}

function mayReadMetrics(req: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return /^(::ffff:)?127\.|^::1$/.test(req.socket.remoteAddress ?? '');
  const [given, expected] = [Buffer.from(req.headers.authorization ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
