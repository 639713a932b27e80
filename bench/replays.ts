import { setTimeout as sleep } from 'node:timers/promises';
import { createPublish, openLoop } from './driver.ts';
import { measure } from './measure.ts';
import { type Running, startOwn } from './programs.ts';
import type { Scenario } from './scenarios.ts';
import type { Anika } from './subjects.ts';

/** A company at a low rate, with nothing beside it and beside another company's replay. */
export type ReplayRow = {
  readonly what: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the replay. */
  readonly deliveriesPerSecond: number | undefined;
  readonly lost: number;
};

export const REPLAYS = 'replay: 100,000 messages, 1,000 a second, beside a neighbour at 50/s';

const COUNT = 100_000;
const PER_SECOND = 1000;
/** How long it is waited for what is left of the replay. */
const REST_MS = 600_000;

const NEIGHBOUR: Scenario = {
  name: REPLAYS,
  subscribers: 1,
  warmUp: 5000,
  run: (publish, first) => openLoop(publish, { perSecond: 50, seconds: 40, first }),
};

type ReplayBench = {
  readonly start: () => Promise<Anika>;
  readonly receiver: Running;
  readonly say: (line: string) => void;
};

export async function benchReplays({ start, receiver, say }: ReplayBench): Promise<ReplayRow[]> {
  const anika = await start();
  const others = await startOwn('receiver.ts', {});
  try {
    say(`  ${COUNT} messages are published …`);
    const replay = await anika.createReplay(COUNT, others.url);
    const { publishUrl, token } = await anika.createTopic(1, receiver.url);
    const neighbour = {
      name: 'anika' as const,
      subscribers: 1,
      publish: createPublish(publishUrl, token),
      pids: anika.pids,
    };
    const quiet = await measure(NEIGHBOUR, neighbour, receiver);
    const startedMs = Date.now();
    await replay.start(PER_SECOND);
    const beside = await measure({ ...NEIGHBOUR, warmUp: 0 }, neighbour, receiver);
    let { state, delivered } = await replay.look();
    while (state === 'running' && Date.now() - startedMs < REST_MS) {
      await sleep(250);
      ({ state, delivered } = await replay.look());
    }
    const seconds = (Date.now() - startedMs) / 1000;
    say(`  the replay is ${state} after ${Math.round(seconds)} s, ${delivered} delivered`);
    return [
      {
        what: 'the neighbour, nothing beside it',
        p50Ms: quiet.p50Ms,
        p99Ms: quiet.p99Ms,
        deliveriesPerSecond: undefined,
        lost: quiet.lost,
      },
      {
        what: `beside the replay of ${COUNT}`,
        p50Ms: beside.p50Ms,
        p99Ms: beside.p99Ms,
        deliveriesPerSecond: Math.round(delivered / seconds),
        lost: beside.lost + COUNT - delivered,
      },
    ];
  } finally {
    await others.stop();
    await anika.stop();
  }
}
