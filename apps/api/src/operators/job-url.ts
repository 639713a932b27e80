import type { FoundJob } from './look-up.ts';

/** Where Bull Board shows a job. */
export function jobUrlOf(publicUrl: string) {
  return ({ queue, id }: FoundJob): string =>
    `${publicUrl}/admin/queues/queue/${queue}/${encodeURIComponent(id)}`;
}
