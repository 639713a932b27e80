import { setTimeout as wait } from 'node:timers/promises';

/** Work that somebody does again and again until it is stopped; what fails is only counted. */
export type Pressure = {
  done(): number;
  /** Resolves when what was begun has ended. */
  stop(): Promise<void>;
};

type Work = () => Promise<unknown>;

/** Beyond, whoever has a slow answer asks no more. */
const UNDER_WAY_MAX = 64;
const LOOK_MS = 10;

/** So often a second, without waiting for the answers. */
export function everySecond(times: number, work: Work): Pressure {
  const underWay = new Set<Promise<unknown>>();
  const everyMs = 1000 / times;
  let nextAtMs = Date.now();
  let done = 0;
  const timer = setInterval(() => {
    for (; nextAtMs <= Date.now(); nextAtMs += everyMs) {
      if (underWay.size >= UNDER_WAY_MAX) continue;
      const one = ended(work).finally(() => underWay.delete(one));
      underWay.add(one);
      done += 1;
    }
  }, LOOK_MS);
  return {
    done: () => done,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}

/** So many at once, each again as soon as it has ended and a moment has passed. */
export function atOnce(count: number, work: Work, { pauseMs = 0 }: { pauseMs?: number } = {}): Pressure {
  let isOver = false;
  let done = 0;
  async function repeat(): Promise<void> {
    while (!isOver) {
      await ended(work);
      done += 1;
      await wait(pauseMs);
    }
  }
  const all = Promise.all(Array.from({ length: count }, repeat));
  return {
    done: () => done,
    async stop() {
      isOver = true;
      await all;
    },
  };
}

async function ended(work: Work): Promise<void> {
  await work().catch(() => undefined); // a refusal or a broken connection is what this is about
}
