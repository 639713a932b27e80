import type { PartnerId } from '@anika/core/ids';
import { createMetrics } from '@anika/runtime/metrics';
import type { CompanySums } from '@anika/stores/mongo/stat-ranking';
import { expect, it } from 'vitest';
import { showCompanies } from './company-figures.ts';

const MINUTE = 60_000;

it('shows those with most of the last complete minute, and forgets who is none of them any more', async () => {
  const metrics = createMetrics('test');
  const asked: unknown[] = [];
  let found: CompanySums[] = [];
  showCompanies({
    metrics,
    async companies(span, limit) {
      asked.push({ ...span, limit });
      return found;
    },
    clock: { now: () => 5 * MINUTE + 59_000 },
  });
  found = [{ partnerId: 'par_1' as PartnerId, accepted: 3, delivered: 2, failed: 1 }];
  const first = await metrics.text();
  expect(first).toContain('anika_company_per_minute{company="par_1",what="accepted",app="test"} 3');
  expect(first).toContain('anika_company_per_minute{company="par_1",what="failed",app="test"} 1');
  expect(asked).toEqual([{ fromMs: 3 * MINUTE, toMs: 4 * MINUTE, limit: 20 }]);
  found = [];
  expect(await metrics.text()).not.toContain('par_1');
});
