import * as contract from '@anika/contracts/meta';
import type { CompanyLimits } from '@anika/core/company-limits';
import type { PartnerId } from '@anika/core/ids';
import { VERSION } from '@anika/core/version';
import { signedIn } from '../http/check-access.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';

export type MetaNeeds = {
  /** What a company may have; undefined: what any may. */
  readonly limitsOf: (partnerId: PartnerId | undefined) => Promise<CompanyLimits>;
  /** As they report themselves, dispatchers last. */
  readonly processes: () => Promise<readonly { readonly retrySchedule?: readonly number[] }[]>;
  readonly settings: {
    readonly messageBytes: number;
    readonly publishPerSecond: number;
    readonly readPerSecond: number;
    readonly managePerSecond: number;
    readonly searches: number;
    readonly streams: number;
    readonly subscriptionsPerTopic: number;
  };
  readonly egressAddresses: readonly string[];
};

export function metaRoutes({ limitsOf, processes, settings, egressAddresses }: MetaNeeds): BoundRoute[] {
  return [
    bindRoute(contract.meta, async ({ caller }) => {
      const [company, reports] = await Promise.all([limitsOf(signedIn(caller).partnerId), processes()]);
      // As the dispatcher that began last has it; none while there is none.
      const schedule = reports.findLast((one) => one.retrySchedule !== undefined)?.retrySchedule;
      return {
        body: {
          version: VERSION,
          limits: { company, ...settings },
          retrySchedule: schedule?.map((ms) => ms / 1000) ?? null,
          egressAddresses,
        },
      };
    }),
  ];
}
