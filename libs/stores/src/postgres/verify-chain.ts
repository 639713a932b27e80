import { commonHash, formerContents, GENESIS_HASH, type OwnLink, ownHash } from './audit-hash.ts';
import type { AuditRow, CommonAuditRow, OwnAuditRow } from './audit-log.ts';

/** An export of a version before the companies had chains of their own has neither `chain` nor `format`. */
export type FormerAuditRow = Omit<CommonAuditRow, 'format' | 'own'>;
export type AnyAuditRow = AuditRow | FormerAuditRow;

export type ChainCheck = {
  /** What is wrong with the next entry, oldest first; undefined: nothing. */
  check(entry: AnyAuditRow): string | undefined;
  /** Numbers that were not among the entries, of the chain that the export is of. */
  missing(): number;
  /** How many companies' chains were checked beside the common one. */
  ownChains(): number;
};

export type ChainResult =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly seq: number; readonly problem: string };

/** Checks entries of the audit log, oldest first: see `createChainCheck`. */
export function verifyChain(entries: Iterable<AnyAuditRow>, options = { part: false }): ChainResult {
  const { check } = createChainCheck(options);
  let count = 0;
  for (const entry of entries) {
    const problem = check(entry);
    if (problem !== undefined) return { ok: false, seq: entry.seq, problem };
    count += 1;
  }
  return { ok: true, entries: count };
}

type Link = { readonly seq: number; readonly prevHash: string; readonly hash: string };

/**
 * A check to be given one entry of an export after another, oldest first. Each entry must have the hash of its
 * contents and continue the one before; numbers must follow one another without a gap. An operator's export holds
 * the chains of all companies as well, which are checked alike.
 * @param part `true`: some entries were asked for (a topic, an action, a time), so that gaps prove nothing
 */
export function createChainCheck({ part }: { readonly part: boolean }): ChainCheck {
  const chains = new Map<string, Link>();
  let missing = 0;
  let reader: string | undefined;

  function follow(chain: string, link: Link): string | undefined {
    const previous = chains.get(chain) ?? { seq: 0, hash: GENESIS_HASH };
    chains.set(chain, link);
    if (link.seq <= previous.seq) return `comes after number ${previous.seq}, out of order`;
    const gap = link.seq - previous.seq - 1;
    if (chain === reader) missing += gap;
    if (gap > 0) return part ? undefined : gapProblem(previous.seq + 1, link.seq - 1);
    return link.prevHash === previous.hash ? undefined : `does not continue ${nameOf(previous.seq)}`;
  }

  function check(entry: AnyAuditRow): string | undefined {
    const chain = 'chain' in entry ? entry.chain : COMMON;
    reader ??= chain;
    if (chain !== reader) return `is of another chain (${chain}) than the first (${reader})`;
    if (!hasItsHash(entry)) return 'was changed: its hash does not fit its contents';
    return follow(chain, entry) ?? ('own' in entry ? checkLinks(entry) : undefined);
  }

  function checkLinks(entry: CommonAuditRow): string | undefined {
    for (const link of entry.own) {
      if (!linkHasItsHash(entry, link))
        return `was changed: its hash in the chain of ${link.partnerId} differs`;
      const place = { seq: link.ownSeq, prevHash: link.prevOwnHash, hash: link.ownHash };
      const problem = follow(link.partnerId, place);
      if (problem !== undefined) return `${problem}, in the chain of ${link.partnerId}`;
    }
    return undefined;
  }

  return { check, missing: () => missing, ownChains: () => chains.size - Number(chains.has(COMMON)) };
}

/** In place of a company's id. */
const COMMON = 'common';

function nameOf(seq: number): string {
  return seq === 0 ? 'the beginning of the log' : `number ${seq}`;
}

function gapProblem(from: number, to: number): string {
  return `does not follow: ${from === to ? `number ${from} is` : `numbers ${from} to ${to} are`} missing`;
}

function hasItsHash(entry: AnyAuditRow): boolean {
  if ('chain' in entry) return ownHash(entry, toLink(entry), entry.formerHash) === entry.hash;
  const place = 'format' in entry ? entry : ({ ...entry, format: 1, own: [] } as const);
  return commonHash(entry, place) === entry.hash;
}

function toLink({ chain, seq, sharedWith, prevHash }: OwnAuditRow): Omit<OwnLink, 'ownHash'> {
  return { partnerId: chain, ownSeq: seq, sharedWith, prevOwnHash: prevHash };
}

function linkHasItsHash(entry: CommonAuditRow, link: OwnLink): boolean {
  const isFormer = entry.format === 1;
  const contents = isFormer ? formerContents(entry) : entry;
  return ownHash(contents, link, isFormer ? entry.hash : undefined) === link.ownHash;
}
