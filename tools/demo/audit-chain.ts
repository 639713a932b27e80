import { createHash } from 'node:crypto';
import { z } from 'zod';

export const auditEntry = z.looseObject({
  seq: z.number(),
  action: z.string(),
  actorPartnerId: z.string().nullable(),
  remoteAddress: z.string().nullable(),
  subjectId: z.string().nullable(),
  after: z.unknown(),
  /** In a company's own chain: whose it is. */
  chain: z.string().optional(),
  prevHash: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.output<typeof auditEntry>;

/** Whether the entry still says what it said when its hash was made; it does not cover from where it was done. */
export function isUntouched({ hash, remoteAddress: _, ...entry }: AuditEntry): boolean {
  return createHash('sha256').update(canonical(entry)).digest('hex') === hash;
}

/** The first `seq` at which a chain is broken or has a gap, or undefined; takes the whole chain, oldest first. */
export function findBreak(entries: readonly AuditEntry[]): number | undefined {
  const broken = entries.find((entry, index) => {
    const before = entries[index - 1] ?? { seq: 0, hash: '0'.repeat(64) };
    return entry.prevHash !== before.hash || entry.seq !== before.seq + 1 || !isUntouched(entry);
  });
  return broken?.seq;
}

// A second implementation on purpose: whoever checks the log should not have to trust the code that wrote it.
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  const members = names.map((name) => `${JSON.stringify(name)}:${canonical(Reflect.get(value, name))}`);
  return `{${members.join(',')}}`;
}
