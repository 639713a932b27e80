import { setTimeout as wait } from 'node:timers/promises';
import type { Anika } from './anika.ts';
import { besideHostile, type Neighbours } from './beside-hostile.ts';
import type { LoopDelay } from './loop-delay.ts';

export type ShapeResult = {
  readonly title: string;
  readonly requests: number;
  readonly delay: LoopDelay;
  readonly findings: readonly string[];
};

type Run = { readonly neighbours: Neighbours; readonly seconds: number; readonly signal: AbortSignal };

/** Each costly shape by itself for some seconds, so that what is late has a name. */
export async function runShapes(
  anika: Anika,
  { neighbours, seconds, signal }: Run,
): Promise<readonly ShapeResult[]> {
  const results: ShapeResult[] = [];
  for (const { title, shapes } of neighbours.kinds) {
    if (signal.aborted) break;
    let requests = 0;
    const counted: Neighbours = {
      ...neighbours,
      send(shape) {
        requests += 1;
        return neighbours.send(shape);
      },
    };
    const pause = () => wait(seconds * 1000, undefined, { signal });
    const { delay, findings } = await besideHostile(anika, { neighbours: counted, shapes }, pause);
    results.push({ title, requests, delay, findings });
  }
  return results;
}
