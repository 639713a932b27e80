import { randomBytes } from 'node:crypto';
import { leaseMs } from '@anika/core/stats/roll-up-times';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createStatSources } from '@anika/stores/mongo/stat-sources';
import { createStatStore } from '@anika/stores/mongo/stats';
import { createStatSubjects } from '@anika/stores/postgres/stat-subjects';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createCountFigures } from './stats/count-figures.ts';
import { createRollUp } from './stats/roll-up.ts';

/** Counts the figures again and again, in one dispatcher at a time. */
export function startStats(
  config: DispatcherConfig,
  { mongo, postgres, clock, logger }: Infrastructure,
  lifecycle: Lifecycle,
): void {
  const store = createStatStore(mongo);
  const sources = createStatSources(mongo);
  const subjects = createStatSubjects(postgres);
  const holder = randomBytes(9).toString('base64url');
  const count = createCountFigures({ ...sources, ...subjects });
  const everyMs = config.ANIKA_STATS_SECONDS * 1000;
  const rollUp = createRollUp({
    ...sources,
    pairsOf: subjects.pairsOf,
    store,
    count,
    holder,
    leaseMs: leaseMs(everyMs),
    clock,
  });
  lifecycle.onClose('lease of the figures', () => store.release(holder));
  lifecycle.onClose('figures', startTicker(rollUp, { everyMs, logger }));
}
