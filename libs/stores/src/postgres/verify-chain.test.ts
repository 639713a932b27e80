import { expect, test } from 'vitest';
import { auditHash, GENESIS_HASH } from './audit.ts';
import type { AuditRow } from './audit-log.ts';
import { verifyChain } from './verify-chain.ts';

function chain(length: number): AuditRow[] {
  const rows: AuditRow[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const contents = {
      seq,
      at: new Date(seq).toISOString(),
      action: 'topic.updated',
      actorId: null,
      actorPartnerId: null,
      topicId: 'top_1',
      subjectId: null,
      before: { name: 'a', b: [1, { c: null }] },
      after: { name: 'ё' },
      prevHash: rows.at(-1)?.hash ?? GENESIS_HASH,
    };
    rows.push({ ...contents, remoteAddress: null, hash: auditHash(contents) });
  }
  return rows;
}

/** With its own hash made to fit again, as somebody would who may write to the table. */
function forged(entry: AuditRow, changes: Partial<AuditRow>): AuditRow {
  const { hash: _, remoteAddress, ...contents } = { ...entry, ...changes };
  return { ...contents, remoteAddress, hash: auditHash(contents) };
}

test('verifyChain() accepts a whole chain, a part of it and none', () => {
  expect(verifyChain(chain(5))).toEqual({ ok: true, entries: 5 });
  expect(verifyChain(chain(5).filter((entry) => entry.seq !== 3))).toEqual({ ok: true, entries: 4 });
  expect(verifyChain([])).toEqual({ ok: true, entries: 0 });
});

test('verifyChain() does not mind the order of members', () => {
  const rows = chain(1).map((entry) => ({ ...entry, before: { b: [1, { c: null }], name: 'a' } }));
  expect(verifyChain(rows)).toEqual({ ok: true, entries: 1 });
});

test.each([
  ['contents', { after: { name: 'e' } }],
  ['action', { action: 'topic.deleted' }],
  ['actor', { actorId: 'usr_1' }],
  ['time', { at: new Date(9).toISOString() }],
])('verifyChain() detects a changed %s', (_, changes) => {
  const rows = chain(3).map((entry) => (entry.seq === 2 ? { ...entry, ...changes } : entry));
  expect(verifyChain(rows)).toMatchObject({ ok: false, seq: 2 });
});

test('verifyChain() detects a forged entry by the one after it', () => {
  const rows = chain(3).map((entry) => (entry.seq === 2 ? forged(entry, { action: 'x' }) : entry));
  expect(verifyChain(rows)).toEqual({ ok: false, seq: 3, problem: 'does not continue entry 2' });
});

test('verifyChain() detects another beginning and another order', () => {
  const rows = chain(2);
  expect(verifyChain(rows.map((entry) => forged(entry, { prevHash: 'x' })))).toMatchObject({
    ok: false,
    seq: 1,
  });
  expect(verifyChain(rows.toReversed())).toMatchObject({ ok: false, seq: 1 });
});
