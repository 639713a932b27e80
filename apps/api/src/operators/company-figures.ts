import { floorTo, STEP_MS } from '@anika/core/stats/figures';
import type { Metrics } from '@anika/runtime/metrics';
import type { CompanySums } from '@anika/stores/mongo/stat-ranking';

export type CompanyFiguresNeeds = {
  readonly metrics: Pick<Metrics, 'gauge'>;
  /** Those with most. */
  readonly companies: (
    span: { fromMs: number; toMs: number },
    limit: number,
  ) => Promise<readonly CompanySums[]>;
  readonly clock: { now(): number };
};

const SHOWN = 20;

/** For Prometheus. Of few companies: each is a label, and a label of all would never end. */
export function showCompanies({ metrics, companies, clock }: CompanyFiguresNeeds): void {
  metrics.gauge('company_per_minute', `Of the ${SHOWN} companies with most, in the last complete minute`, {
    labels: ['company', 'what'],
    async collect(gauge) {
      // The minute before this one may still be counted.
      const toMs = floorTo('minute', clock.now()) - STEP_MS.minute;
      const found = await companies({ fromMs: toMs - STEP_MS.minute, toMs }, SHOWN);
      gauge.reset();
      for (const { partnerId: company, accepted, delivered, failed } of found) {
        gauge.set({ company, what: 'accepted' }, accepted);
        gauge.set({ company, what: 'delivered' }, delivered);
        gauge.set({ company, what: 'failed' }, failed);
      }
    },
  });
}
