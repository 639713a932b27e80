import { timingSafeEqual } from 'node:crypto';
import type { Caller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import type { Metrics } from '@anika/runtime/metrics';
import type { RequestHandler } from 'express';

export type MetricsNeeds = {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  readonly authenticate: (authorization: string | undefined, remoteAddress?: string) => Promise<Caller>;
  readonly token: string | undefined;
};

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The Prometheus figures, for operators and for whoever has the metrics token. */
export function metricsRoute({ metrics, authenticate, token }: MetricsNeeds): RequestHandler {
  return async (req, res) => {
    const given = req.headers.authorization;
    if (token === undefined || !same(given ?? '', `Bearer ${token}`)) {
      const caller = await authenticate(given, req.ip);
      if (caller.role !== 'operator') throw new Failure('forbidden', 'Metrics are for operators');
    }
    res.type(metrics.contentType).send(await metrics.text());
  };
}
