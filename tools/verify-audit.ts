import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AuditRow } from '@anika/stores/postgres/audit-log';
import { createChainCheck } from '@anika/stores/postgres/verify-chain';
import { z } from 'zod';
import { ExplainedError, reasonOf } from './explained-error.ts';

const entrySchema = z.object({
  seq: z.number().int().positive(),
  at: z.string(),
  action: z.string(),
  actorId: z.string().nullable(),
  actorPartnerId: z.string().nullable(),
  remoteAddress: z.string().nullable(),
  topicId: z.string().nullable(),
  subjectId: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  prevHash: z.string(),
  hash: z.string(),
});

type Summary = { readonly entries: number; readonly hidden: number; readonly last: AuditRow | undefined };

/**
 * `./anika verify-audit`: checks an export of `GET /v1/audit/export` line by line, whatever its size, and needs no
 * server. Returns the exit code: 0 when every entry is as it was written.
 * @param file `-` for standard input
 */
export async function verifyAudit(file: string, say: (line: string) => void): Promise<number> {
  const check = createChainCheck();
  let summary: Summary = { entries: 0, hidden: 0, last: undefined };
  for await (const { number, entry } of entriesOf(file)) {
    const problem = check(entry);
    if (problem !== undefined) {
      say(`BROKEN at entry ${entry.seq} (line ${number}, ${entry.action}, ${entry.at}): it ${problem}.`);
      return 1;
    }
    summary = {
      entries: summary.entries + 1,
      hidden: summary.hidden + entry.seq - (summary.last?.seq ?? entry.seq - 1) - 1,
      last: entry,
    };
  }
  for (const line of linesOf(summary)) say(line);
  return summary.entries === 0 ? 1 : 0;
}

async function* entriesOf(file: string): AsyncGenerator<{ number: number; entry: AuditRow }> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line.trim() !== '') yield { number, entry: parseEntry(line, number) };
    }
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    throw new ExplainedError(`Cannot read ${file}: ${reasonOf(error)}`);
  }
}

function parseEntry(line: string, number: number): AuditRow {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ExplainedError(`Line ${number} is not JSON: an export has one entry a line.`);
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw new ExplainedError(`Line ${number} is not an entry of the audit log.`);
  return parsed.data;
}

function linesOf({ entries, hidden, last }: Summary): string[] {
  if (last === undefined) return ['There is no entry in it.'];
  return [
    `OK: ${entries} entries, each as it was written, up to number ${last.seq} of ${last.at}.`,
    ...(hidden > 0
      ? [`${hidden} entries between them concern other companies and are not in this export.`]
      : []),
    `Keep the last hash; a later export must hold it at number ${last.seq}: ${last.hash}`,
  ];
}
