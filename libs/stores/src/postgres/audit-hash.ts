import { createHash } from 'node:crypto';

/** The hash before the first entry of any chain. */
export const GENESIS_HASH = '0'.repeat(64);

/** JSON with sorted keys and without undefined, so that both sides hash the same text (after RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** What happened, as it is hashed; from where (`remoteAddress`) is not, since only one side may see it. */
export type AuditContents = {
  readonly at: string;
  readonly action: string;
  readonly actorId: string | null;
  readonly actorPartnerId: string | null;
  readonly topicId: string | null;
  readonly subjectId: string | null;
  readonly before: unknown;
  readonly after: unknown;
};

/** The place of an entry in the chain of one company that it concerns. */
export type OwnLink = {
  readonly partnerId: string;
  readonly ownSeq: number;
  /** Who else may read the entry, as far as this company may know it. */
  readonly sharedWith: readonly string[];
  readonly prevOwnHash: string;
  readonly ownHash: string;
};

/** The place of an entry in the common chain, which operators read. Format 1 had no chains of the companies. */
export type CommonLink = {
  readonly format: 1 | 2;
  readonly seq: number;
  readonly prevHash: string;
  readonly own: readonly OwnLink[];
};

function contentsOf(entry: AuditContents): AuditContents {
  const { at, action, actorId, actorPartnerId, topicId, subjectId, before, after } = entry;
  return { at, action, actorId, actorPartnerId, topicId, subjectId, before, after };
}

function sha256(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** The hash of an entry in the common chain: all that an operator sees, the links of the companies included. */
export function commonHash(contents: AuditContents, { format, seq, prevHash, own }: CommonLink): string {
  const former = { ...contentsOf(contents), seq, prevHash };
  if (format === 1) return sha256(former);
  return sha256({ ...former, format, own: own.map(linkOf) });
}

function linkOf({ partnerId, ownSeq, sharedWith, prevOwnHash, ownHash }: OwnLink): OwnLink {
  return { partnerId, ownSeq, sharedWith, prevOwnHash, ownHash };
}

/**
 * The hash of an entry in the chain of one company: all that this company sees, and nothing else, so that it can
 * be checked without a number or a hash of somebody else's.
 * @param formerHash of an entry of format 1: its hash in the common chain, by which it was known before
 */
export function ownHash(
  contents: AuditContents,
  link: Omit<OwnLink, 'ownHash'>,
  formerHash: string | undefined,
): string {
  const { partnerId, ownSeq, sharedWith, prevOwnHash } = link;
  const place = { chain: partnerId, seq: ownSeq, sharedWith, prevHash: prevOwnHash };
  return sha256({ ...contentsOf(contents), ...place, formerHash });
}

/**
 * What companies see of an entry of format 1. Those named users by their email, which is left out of the chains of
 * the companies; the common hash of that time covers it.
 */
export function formerContents(contents: AuditContents): AuditContents {
  const { before, after } = contents;
  return { ...contentsOf(contents), before: withoutEmail(before), after: withoutEmail(after) };
}

function withoutEmail(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'email'));
}

/**
 * Of an entry's companies, the others that `partnerId` may know of: of two each other; of more, as when a topic
 * with many readers is deleted, who did it knows all, and everybody else only who did it.
 */
export function sharedWith(
  partnerId: string,
  { partnerIds, actorPartnerId }: { partnerIds: readonly string[]; actorPartnerId: string | null },
): string[] {
  const others = partnerIds.filter((id) => id !== partnerId);
  if (others.length <= 1 || partnerId === actorPartnerId) return others.toSorted();
  return others.filter((id) => id === actorPartnerId);
}

export type ChainHead = { readonly seq: number; readonly hash: string };

/** The links of an entry, each continuing the chain of its company, in the order of the companies' ids. */
export function linksOf(
  entry: AuditContents & { readonly partnerIds: readonly string[] },
  heads: ReadonlyMap<string, ChainHead>,
  formerHash?: string,
): OwnLink[] {
  return [...new Set(entry.partnerIds)].sort().map((partnerId) => {
    const head = heads.get(partnerId) ?? { seq: 0, hash: GENESIS_HASH };
    const link = {
      partnerId,
      ownSeq: head.seq + 1,
      sharedWith: sharedWith(partnerId, entry),
      prevOwnHash: head.hash,
    };
    return { ...link, ownHash: ownHash(entry, link, formerHash) };
  });
}
