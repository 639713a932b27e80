import { meta } from '@anika/contracts/meta';
import type { z } from 'zod';
import { type OneQuery, useOne } from '../api/use-api.ts';

const STALE_MS = 300_000;

export type Meta = z.output<NonNullable<typeof meta.success.schema>>;

/** What this installation is and allows; asked for once in a while. */
export function useMeta(): OneQuery<Meta> {
  return useOne(meta, [], { staleMs: STALE_MS });
}
