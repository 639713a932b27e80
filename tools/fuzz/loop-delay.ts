import type { Anika } from './anika.ts';

/** Of the api's event loop, in milliseconds. */
export type LoopDelay = { readonly p99Ms: number; readonly maxMs: number };

/**
 * What no request of a company may make it more than, ninety-nine times in a hundred. It includes the
 * ten milliseconds between two looks; where other programs keep the machine busy, their share comes on top.
 */
export const DELAY_P99_MS = 50;
const NONE: LoopDelay = { p99Ms: 0, maxMs: 0 };
/** Each reading begins a new stretch; in a shorter one, 1 % is a look or two. */
const STRETCH_MS = 10_000;

/** Since it was read last: the figures begin anew with each reading. */
export async function readLoopDelay({ client, metricsToken }: Anika): Promise<LoopDelay> {
  const { body } = await client.call('GET', '/metrics', { token: metricsToken });
  return { p99Ms: figureIn(body, 'p99'), maxMs: figureIn(body, 'max') };
}

/** Milliseconds, whole. @throws Error when the text has no such figure */
export function figureIn(text: string, which: 'p99' | 'max'): number {
  const found = new RegExp(`^nodejs_eventloop_lag_${which}_seconds(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text);
  if (found === null) throw new Error(`there is no nodejs_eventloop_lag_${which}_seconds`);
  return Math.round(Number(found[1]) * 1000);
}

/** Reads it again and again until it is stopped; resolves then with the worst stretch. */
export async function watchLoopDelay(anika: Anika): Promise<{ stop(): Promise<LoopDelay> }> {
  await readLoopDelay(anika);
  let worst = NONE;
  const read = async () => {
    const { p99Ms, maxMs } = await readLoopDelay(anika);
    worst = { p99Ms: Math.max(worst.p99Ms, p99Ms), maxMs: Math.max(worst.maxMs, maxMs) };
  };
  const timer = setInterval(() => void read().catch(() => undefined), STRETCH_MS);
  return {
    async stop() {
      clearInterval(timer);
      await read();
      return worst;
    },
  };
}
