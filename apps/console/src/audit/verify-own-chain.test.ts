import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonical, type Entry, entriesIn, verifyChain } from './verify-own-chain.ts';

function chainOf(contents: readonly object[]): Entry[] {
  let prevHash = '0'.repeat(64);
  return contents.map((content, index) => {
    const entry = { ...content, seq: index + 1, prevHash };
    const hash = createHash('sha256').update(canonical(entry)).digest('hex');
    prevHash = hash;
    return { ...entry, remoteAddress: '127.0.0.1', hash };
  });
}

const CHAIN = chainOf([
  { action: 'topic.created', after: { name: 'Выбор машины', retentionDays: 30 }, chain: 'par_1' },
  { action: 'grant.given', after: null, chain: 'par_1', sharedWith: ['par_2'] },
  { action: 'grant.revoked', before: { version: 1 }, chain: 'par_1' },
]);
const changed = (at: number, change: object) =>
  CHAIN.map((entry, index) => (index === at ? { ...entry, ...change } : entry));

describe('verifyChain()', () => {
  it('of a chain as it was written tells how many and the last hash', async () => {
    expect(await verifyChain(CHAIN)).toEqual({ kind: 'intact', entries: 3, head: CHAIN[2]?.hash });
  });

  it.each([
    ['a changed word', changed(1, { action: 'grant.changed' }), 2, 'changed'],
    ['a changed hash', changed(1, { hash: 'f'.repeat(64) }), 2, 'changed'],
    ['another entry before', changed(1, { prevHash: 'f'.repeat(64) }), 2, 'does-not-continue'],
    ['an entry that was removed', CHAIN.filter(({ seq }) => seq !== 2), 3, 'missing'],
    ['a beginning that was cut off', CHAIN.slice(1), 2, 'missing'],
  ])('finds %s', async (_, entries, seq, why) => {
    expect(await verifyChain(entries)).toEqual({ kind: 'broken', seq, why });
  });

  it('does not cover from where it was done, which only one side may see', async () => {
    expect(await verifyChain(changed(0, { remoteAddress: null }))).toMatchObject({ kind: 'intact' });
  });

  it('of nothing says so', async () => {
    expect(await verifyChain([])).toEqual({ kind: 'empty' });
  });
});

describe('entriesIn()', () => {
  it('reads a line each', () => {
    expect(entriesIn(`${CHAIN.map((entry) => JSON.stringify(entry)).join('\n')}\n`)).toEqual(CHAIN);
  });

  it.each(['{', '{"seq":"1"}', '[1]', 'null'])('takes %s for no export', (text) => {
    expect(entriesIn(text)).toBeUndefined();
  });
});
