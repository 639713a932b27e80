import { createPublish, openLoop } from './driver.ts';
import { measure, type Row } from './measure.ts';
import type { Running } from './programs.ts';
import type { Scenario } from './scenarios.ts';
import type { Anika } from './subjects.ts';

/** What a message costs while the figures of `/v1/stats` are counted so often. */
export type StatsRow = {
  readonly counted: string;
  /** Of api, dispatcher, MongoDB and Redis. */
  readonly cpuMsPerMessage: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly lost: number;
};

export const STATS = 'stats: 200/s for 60 s, figures counted never, as shipped, and every second';

/** `ANIKA_STATS_SECONDS`; undefined: as shipped. */
const COUNTED: readonly (readonly [what: string, seconds: string | undefined])[] = [
  ['once, before it begins', '3600'],
  ['as shipped', undefined],
  ['every second', '1'],
];
const ROUNDS = 3;
const PER_SECOND = 200;
const SECONDS = 60;

const SCENARIO: Scenario = {
  name: STATS,
  subscribers: 1,
  warmUp: 5000,
  run: (publish, first) => openLoop(publish, { perSecond: PER_SECOND, seconds: SECONDS, first }),
};

type StatsBench = {
  readonly start: (settings: Record<string, string>) => Promise<Anika>;
  readonly receiver: Running;
  readonly storePids: readonly number[];
  readonly say: (line: string) => void;
};

/** In turns; of each the round in the middle by what a message cost. */
export async function benchStats({ start, receiver, storePids, say }: StatsBench): Promise<StatsRow[]> {
  const measured = new Map<string, Row[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [counted, seconds] of COUNTED) {
      const anika = await start(seconds === undefined ? {} : { ANIKA_STATS_SECONDS: seconds });
      try {
        const { publishUrl, token } = await anika.createTopic(1, receiver.url);
        const row = await measure(
          SCENARIO,
          {
            name: 'anika',
            subscribers: 1,
            publish: createPublish(publishUrl, token),
            pids: [...anika.pids, ...storePids],
          },
          receiver,
        );
        say(`  ${counted}: ${JSON.stringify(row)}`);
        measured.set(counted, [...(measured.get(counted) ?? []), row]);
      } finally {
        await anika.stop();
      }
    }
  }
  return [...measured].flatMap(([counted, rows]) => {
    const middle = rows.toSorted((a, b) => a.cpuMsPerDelivery - b.cpuMsPerDelivery)[rows.length >> 1];
    if (middle === undefined) return [];
    const { cpuMsPerDelivery, p50Ms, p99Ms } = middle;
    const lost = rows.reduce((sum, row) => sum + row.lost, 0);
    return [{ counted, cpuMsPerMessage: cpuMsPerDelivery, p50Ms, p99Ms, lost }];
  });
}
