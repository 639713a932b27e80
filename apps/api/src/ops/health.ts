import type { Readiness } from '@anika/runtime/readiness';
import type { Page } from '../http/page-route.ts';

/** Answers as long as the process does. */
export const healthz: Page['answer'] = () => ({ body: { status: 'ok' } });

/** 200 when every store answers, 503 with the names of those that do not. */
export function readyz(readiness: () => Promise<Readiness>): Page['answer'] {
  return async () => {
    const { ready, body } = await readiness();
    return { status: ready ? 200 : 503, body };
  };
}
