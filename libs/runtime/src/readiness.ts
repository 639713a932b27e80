import { memoFor } from './memo.ts';

export type Dependency = { readonly name: string; readonly ping: () => Promise<void> };

export type Readiness = {
  readonly ready: boolean;
  readonly body: {
    readonly status: 'ready' | 'not ready';
    readonly stores: Readonly<Record<string, 'ok' | 'missing'>>;
    readonly missing?: readonly string[];
  };
};

const PING_TIMEOUT_MS = 2000;
/** Anyone may ask: however often, the stores are asked once in so long. */
const KEPT_MS = 1000;

/** Whether every store answers, and which do not. */
export function createReadiness(
  stores: readonly Dependency[],
  clock: { now(): number },
): () => Promise<Readiness> {
  return memoFor(KEPT_MS, () => ask(stores), clock);
}

async function ask(stores: readonly Dependency[]): Promise<Readiness> {
  const states = await Promise.all(
    stores.map(async ({ name, ping }) => [name, (await answers(ping)) ? 'ok' : 'missing'] as const),
  );
  const missing = states.filter(([, state]) => state !== 'ok').map(([name]) => name);
  const ready = missing.length === 0;
  return {
    ready,
    body: {
      status: ready ? 'ready' : 'not ready',
      stores: Object.fromEntries(states),
      ...(!ready && { missing }),
    },
  };
}

async function answers(ping: () => Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  });
  // Which one is the whole answer; the store's own log says why.
  const answered = ping().then(
    () => true,
    () => false,
  );
  const result = await Promise.race([answered, late]);
  clearTimeout(timer);
  return result;
}
