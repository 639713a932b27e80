import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type AnyAuditRow, type ChainCheck, createChainCheck } from '@anika/stores/postgres/verify-chain';
import { z } from 'zod';
import { ExplainedError, reasonOf } from './explained-error.ts';
import { asIs } from './language.ts';

const contents = {
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
};
const ownEntry = z.object({
  ...contents,
  chain: z.string(),
  sharedWith: z.array(z.string()),
  formerHash: z.string().optional(),
});
const ownLink = z.object({
  partnerId: z.string(),
  ownSeq: z.number().int().positive(),
  sharedWith: z.array(z.string()),
  prevOwnHash: z.string(),
  ownHash: z.string(),
});
const commonEntry = z.object({
  ...contents,
  format: z.union([z.literal(1), z.literal(2)]),
  own: z.array(ownLink),
});
/** Of a version before: strict, so that an entry of today that lost a member is not taken for it. */
const formerEntry = z.strictObject(contents);
const entrySchema = z.union([ownEntry, commonEntry, formerEntry]);

export type VerifyOptions = {
  /** The export is of some entries only: of a topic, an action, a company or a time. */
  readonly part?: boolean | undefined;
  /** The hash that a check of an earlier export ended with. */
  readonly kept?: string | undefined;
};

type Summary = {
  readonly entries: number;
  readonly first: AnyAuditRow | undefined;
  readonly last: AnyAuditRow | undefined;
  /** The number at which the kept hash was found. */
  readonly keptAt: number | undefined;
};

/**
 * `./anika verify-audit`: checks an export of `GET /v1/audit/export` line by line, whatever its size, and needs no
 * server. Returns the exit code: 0 when every entry is as it was written and none between them is missing.
 * @param file `-` for standard input
 */
export async function verifyAudit(
  file: string,
  options: VerifyOptions,
  say: (line: string) => void,
): Promise<number> {
  const chain = createChainCheck({ part: options.part ?? false });
  let summary: Summary = { entries: 0, first: undefined, last: undefined, keptAt: undefined };
  for await (const { number, entry } of entriesOf(file)) {
    const problem = chain.check(entry);
    if (problem !== undefined) {
      say(`BROKEN at entry ${entry.seq} (line ${number}, ${entry.action}, ${entry.at}): it ${problem}.`);
      if (problem.endsWith('missing') || problem.includes('missing, in the chain')) say(PART_HINT);
      return 1;
    }
    summary = {
      entries: summary.entries + 1,
      first: summary.first ?? entry,
      last: entry,
      keptAt: summary.keptAt ?? keptAt(entry, options.kept),
    };
  }
  return conclude(summary, { chain, options, say });
}

const PART_HINT =
  'If the export was made with a filter (topicId, partnerId, action, from, to) or by a version of ANIKA before the' +
  ' companies had chains of their own, check it with --part: then entries that are missing cannot be told.';

/** Where an entry, or the end of what came before it, is known by the hash that was kept. */
function keptAt(entry: AnyAuditRow, kept: string | undefined): number | undefined {
  if (kept === undefined) return undefined;
  const former = 'formerHash' in entry ? entry.formerHash : undefined;
  if (entry.hash === kept || former === kept) return entry.seq;
  return entry.prevHash === kept ? entry.seq - 1 : undefined;
}

type Conclusion = {
  readonly chain: ChainCheck;
  readonly options: VerifyOptions;
  readonly say: (line: string) => void;
};

function conclude(summary: Summary, { chain, options, say }: Conclusion): number {
  const { entries, first, last, keptAt: foundAt } = summary;
  if (first === undefined || last === undefined) {
    say('There is no entry in it.');
    return 1;
  }
  if (options.kept !== undefined && foundAt === undefined) {
    say(`BROKEN: no entry has the hash that was kept (${options.kept}): the log was cut or written anew.`);
    return 1;
  }
  say(
    `OK: ${entries} entries of ${chainName(first)}, numbers ${first.seq} to ${last.seq}, up to ${last.at}.`,
  );
  for (const line of checkedLines(first, chain, options)) say(line);
  say(foundAt === undefined ? NO_KEPT : `The hash that was kept is that of number ${foundAt}.`);
  say(`Keep the last hash, and give it to the next check with --kept: ${last.hash}`);
  return 0;
}

function chainName(first: AnyAuditRow): string {
  return 'chain' in first ? `the chain of ${first.chain}` : 'the common chain';
}

function checkedLines(first: AnyAuditRow, chain: ChainCheck, { part }: VerifyOptions): string[] {
  const own = 'own' in first ? `, and in the chains of the ${chain.ownChains()} companies in it` : '';
  const gaps =
    part === true
      ? `Not checked: whether one of the ${chain.missing()} numbers that are not in it was removed (--part).`
      : `Checked: from the first entry on none is missing or out of place${own}.`;
  return [
    'Checked: each entry has the hash of its contents and continues the one before it.',
    gaps,
    UNHASHED,
  ];
}

const UNHASHED = 'Not checked: from where somebody acted (remoteAddress); no hash covers it.';
const NO_KEPT =
  'Not checked: whether entries after the last one were removed, or all of it was written anew with new hashes:' +
  ' that shows only against a hash kept from an earlier export (--kept).';

async function* entriesOf(file: string): AsyncGenerator<{ number: number; entry: AnyAuditRow }> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line.trim() !== '') yield { number, entry: parseEntry(line, number) };
    }
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    throw new ExplainedError(asIs(`Cannot read ${file}: ${reasonOf(error)}`));
  }
}

function parseEntry(line: string, number: number): AnyAuditRow {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ExplainedError(asIs(`Line ${number} is not JSON: an export has one entry a line.`));
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) throw new ExplainedError(asIs(`Line ${number} is not an entry of the audit log.`));
  return parsed.data;
}
