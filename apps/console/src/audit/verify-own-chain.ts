import { sha256Of } from '../proof/sha256.ts';

/** An entry of the audit log as the API shows it. */
export type Entry = Readonly<Record<string, unknown>> & {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
};

export type ChainResult =
  | { readonly kind: 'intact'; readonly entries: number; readonly head: string }
  | {
      readonly kind: 'broken';
      readonly seq: number;
      readonly why: 'changed' | 'does-not-continue' | 'missing';
    }
  | { readonly kind: 'empty' };

const FIRST_PREVIOUS = '0'.repeat(64);

/** A second writing of what the API does on purpose: whoever checks the log should not have to trust its code. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** What the hash of an entry covers: all that is shown but from where it was done, and the hash itself. */
function hashed({ hash: _, remoteAddress: __, ...entry }: Entry): object {
  if (entry.format !== 1) return entry;
  const { format: ___, own: ____, ...former } = entry;
  return former;
}

function hashOf(entry: Entry): Promise<string> {
  return sha256Of(canonical(hashed(entry)));
}

/** Recomputes every hash of a whole chain, oldest first. */
export async function verifyChain(
  entries: readonly Entry[],
  onProgress: (done: number) => void = () => undefined,
): Promise<ChainResult> {
  let before = { seq: 0, hash: FIRST_PREVIOUS };
  for (const [index, entry] of entries.entries()) {
    if (entry.seq !== before.seq + 1) return { kind: 'broken', seq: entry.seq, why: 'missing' };
    if (entry.prevHash !== before.hash) return { kind: 'broken', seq: entry.seq, why: 'does-not-continue' };
    if ((await hashOf(entry)) !== entry.hash) return { kind: 'broken', seq: entry.seq, why: 'changed' };
    before = entry;
    if (index % 100 === 99) onProgress(index + 1);
  }
  return entries.length === 0
    ? { kind: 'empty' }
    : { kind: 'intact', entries: entries.length, head: before.hash };
}

/** The entries of an export, a line each; undefined where it is none. */
export function entriesIn(text: string): readonly Entry[] | undefined {
  try {
    const values: unknown[] = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
    return values.every(isEntry) ? values : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  if (!('seq' in value && 'prevHash' in value && 'hash' in value)) return false;
  return (
    typeof value.seq === 'number' && typeof value.prevHash === 'string' && typeof value.hash === 'string'
  );
}
