import { addFigures, type FiguresAt, floorTo, NO_FIGURES, STEP_MS } from '@anika/core/stats/figures';
import type { Readiness } from '@anika/runtime/readiness';
import type { ProcessReport } from '@anika/stores/mongo/process-document';

export type OverviewNeeds = {
  readonly figures: (span: { fromMs: number; toMs: number }) => Promise<readonly FiguresAt[]>;
  readonly queues: () => Promise<readonly { queue: string; state: string; jobs: number }[]>;
  readonly readiness: () => Promise<Pick<Readiness, 'body'>>;
  readonly processes: () => Promise<readonly ProcessReport[]>;
  readonly clock: { now(): number };
};

export type Overview = {
  readonly atMs: number;
  readonly perSecond: {
    readonly accepted: number;
    readonly delivered: number;
    readonly failed: number;
    readonly dead: number;
  };
  readonly queues: readonly { readonly queue: string; readonly jobs: Readonly<Record<string, number>> }[];
  readonly stores: Readonly<Record<string, 'ok' | 'missing'>>;
  readonly processes: readonly ProcessReport[];
};

const MINUTES = 5;
/** The last complete minute is counted once, and may be counted again; the ones before are complete. */
const BEHIND_MS = STEP_MS.minute;

/** What an operator looks at first. A store that is away takes its own part of it, not the rest. */
export function createOverview(needs: OverviewNeeds): () => Promise<Overview> {
  return async () => {
    const nowMs = needs.clock.now();
    const toMs = floorTo('minute', nowMs) - BEHIND_MS;
    const [found, depths, ready, processes] = await Promise.all([
      needs.figures({ fromMs: toMs - MINUTES * STEP_MS.minute, toMs }).catch(() => []),
      needs.queues().catch(() => []),
      needs.readiness(),
      needs.processes().catch(() => []),
    ]);
    const sum = found.reduce(addFigures, NO_FIGURES);
    const rate = (count: number) => Math.round((count / (MINUTES * 60)) * 100) / 100;
    const names = [...new Set(depths.map(({ queue }) => queue))];
    return {
      atMs: nowMs,
      perSecond: {
        accepted: rate(sum.accepted),
        delivered: rate(sum.delivered),
        failed: rate(sum.failed),
        dead: rate(sum.dead),
      },
      queues: names.map((queue) => ({
        queue,
        jobs: Object.fromEntries(
          depths.filter((one) => one.queue === queue).map((one) => [one.state, one.jobs]),
        ),
      })),
      stores: ready.body.stores,
      processes,
    };
  };
}
