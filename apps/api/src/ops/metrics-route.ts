import { timingSafeEqual } from 'node:crypto';
import type { Caller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import { memoFor } from '@anika/runtime/memo';
import type { Metrics } from '@anika/runtime/metrics';
import type { Page } from '../http/page-route.ts';

export type MetricsNeeds = {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** Counts what is refused. */
  readonly authenticate: (authorization: string | undefined, remoteAddress?: string) => Promise<Caller>;
  readonly token: string | undefined;
  readonly clock: { now(): number };
};

/** Some figures are asked of the stores: however often somebody asks, that is done once in so long. */
const KEPT_MS = 1000;

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The Prometheus figures, for operators and for whoever has the metrics token. */
export function metricsRoute({ metrics, authenticate, token, clock }: MetricsNeeds): Page['answer'] {
  const text = memoFor(KEPT_MS, () => metrics.text(), clock);
  return async ({ authorization, remoteAddress }) => {
    if (token === undefined || !same(authorization ?? '', `Bearer ${token}`)) {
      const caller = await authenticate(authorization, remoteAddress);
      if (caller.role !== 'operator') throw new Failure('forbidden', 'Metrics are for operators');
    }
    return { bodyText: await text(), headers: { 'Content-Type': metrics.contentType } };
  };
}
