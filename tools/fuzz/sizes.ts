import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from '../../bench/driver.ts';
import type { Anika } from './anika.ts';
import type { Neighbours } from './beside-hostile.ts';
import type { Shape } from './costly-shapes.ts';
import { readLoopDelay } from './loop-delay.ts';

/** How long requests of a kind take by their size. */
export type SizeResult = { readonly title: string; readonly sizes: readonly SizeFigures[] };

type SizeFigures = {
  readonly bytes: number;
  readonly status: number;
  /** Of the request in the middle. */
  readonly ms: number;
  /** The longest time that the api's event loop was late meanwhile. */
  readonly lateMs: number;
};

const SIZES = [15_000, 60_000, 240_000] as const;
const TIMES = 5;
/** What /metrics says may be a second old. */
const FIGURES_LAST_MS = 1100;

/** One request after the other, of each kind in each size: what costs more than its bytes stands out. */
export async function measureSizes(anika: Anika, neighbours: Neighbours): Promise<readonly SizeResult[]> {
  // Code that has not been compiled tells of nothing else.
  for (const shape of neighbours.ofSize(SIZES[0])) await measure(anika, neighbours, shape);
  const results = new Map<string, SizeFigures[]>();
  for (const bytes of SIZES) {
    for (const shape of neighbours.ofSize(bytes)) {
      const figures = { bytes, ...(await measure(anika, neighbours, shape)) };
      results.set(shape.title, [...(results.get(shape.title) ?? []), figures]);
    }
  }
  return [...results].map(([title, sizes]) => ({ title, sizes }));
}

async function measure(
  anika: Anika,
  { send }: Neighbours,
  shape: Shape,
): Promise<Omit<SizeFigures, 'bytes'>> {
  const lateMs = async () => {
    await wait(FIGURES_LAST_MS);
    return (await readLoopDelay(anika)).maxMs;
  };
  await lateMs();
  const took: number[] = [];
  let status = 0;
  for (let time = 0; time < TIMES; time += 1) {
    const startedAt = performance.now();
    status = await send(shape);
    took.push(performance.now() - startedAt);
  }
  return { status, ms: Math.round(quantile(took, 0.5)), lateMs: await lateMs() };
}
