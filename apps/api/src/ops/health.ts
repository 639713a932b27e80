import type { RequestHandler } from 'express';

type Store = { readonly name: string; readonly ping: () => Promise<void> };
const PING_TIMEOUT_MS = 2000;

/** Answers as long as the process does. */
export function healthz(): RequestHandler {
  return (_req, res) => void res.json({ status: 'ok' });
}

/** 200 when every store answers, 503 with the names of those that do not. */
export function readyz(stores: readonly Store[]): RequestHandler {
  return async (_req, res) => {
    const states = await Promise.all(stores.map(stateOf));
    const missing = states.filter(([, state]) => state !== 'ok').map(([name]) => name);
    res.status(missing.length === 0 ? 200 : 503).json({
      status: missing.length === 0 ? 'ready' : 'not ready',
      stores: Object.fromEntries(states),
      ...(missing.length > 0 && { missing }),
    });
  };
}

async function stateOf({ name, ping }: Store): Promise<readonly [string, 'ok' | 'missing']> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), PING_TIMEOUT_MS);
  });
  try {
    await Promise.race([ping(), late]);
    return [name, 'ok'];
  } catch {
    return [name, 'missing']; // which one is the whole answer; the store's own log says why
  } finally {
    clearTimeout(timer);
  }
}
