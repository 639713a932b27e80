import * as contract from '@anika/contracts/stats';
import { signedIn } from '../http/check-access.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso } from '../http/times.ts';
import type { createReadStats } from './read-stats.ts';

export function statsRoutes(read: ReturnType<typeof createReadStats>): BoundRoute[] {
  return [
    bindRoute(contract.stats, async ({ query, caller }) => {
      const { scope, id, step } = query;
      const columns = await read(
        {
          scope,
          id,
          step,
          partnerId: query.partnerId,
          fromMs: Date.parse(query.from),
          toMs: Date.parse(query.to),
        },
        signedIn(caller),
      );
      return { body: { ...columns, t: columns.t.map(iso) } };
    }),
  ];
}
