import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { commonHash, GENESIS_HASH, ownHash, sharedWith } from './audit-hash.ts';
import type { CommonAuditRow, OwnAuditRow } from './audit-log.ts';
import { commonChain, ownChain } from './test-chain.ts';
import { verifyChain } from './verify-chain.ts';

/** Between two entries of the dealer nearly always are some of strangers. */
const LOG = commonChain([
  { partnerIds: ['dealer'], action: 'topic.created', actorPartnerId: 'dealer' },
  { partnerIds: ['stranger'] },
  { partnerIds: ['dealer', 'bank'], action: 'grant.given', actorPartnerId: 'dealer' },
  { partnerIds: [] },
  { partnerIds: ['stranger'] },
  { partnerIds: ['bank', 'dealer'], action: 'grant.changed', actorPartnerId: 'dealer' },
  { partnerIds: ['bank'] },
  { partnerIds: ['dealer', 'bank'], action: 'grant.revoked', actorPartnerId: 'dealer' },
]);
const DEALERS = ownChain(LOG, 'dealer');
const BANKS = ownChain(LOG, 'bank');

/** With its own hash made to fit again, as somebody would who may write to the table. */
function forgedOwn(entry: OwnAuditRow, changes: Partial<OwnAuditRow>): OwnAuditRow {
  const row = { ...entry, ...changes };
  const { chain: partnerId, seq: ownSeq, prevHash: prevOwnHash } = row;
  const link = { partnerId, ownSeq, sharedWith: row.sharedWith, prevOwnHash };
  return { ...row, hash: ownHash(row, link, row.formerHash) };
}

function forgedCommon(entry: CommonAuditRow, changes: Partial<CommonAuditRow>): CommonAuditRow {
  const row = { ...entry, ...changes };
  return { ...row, hash: commonHash(row, row) };
}

describe("a company's own chain", () => {
  it.each([
    ['the dealer', DEALERS, 4],
    ['the bank', BANKS, 4],
    ['a stranger', ownChain(LOG, 'stranger'), 2],
  ])('is numbered without a gap for %s, and is whole', (_, rows, entries) => {
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, index) => index + 1));
    expect(verifyChain(rows)).toEqual({ ok: true, entries });
  });

  it.each(DEALERS.slice(0, -1))('shows that $action was removed', ({ seq }) => {
    const rest = DEALERS.filter((entry) => entry.seq !== seq);
    expect(verifyChain(rest)).toMatchObject({ ok: false, seq: seq + 1 });
  });

  it.each(DEALERS.slice(0, -1))('shows that $action was written anew with a hash that fits', ({ seq }) => {
    const rows = DEALERS.map((entry) =>
      entry.seq === seq ? forgedOwn(entry, { after: { fields: null } }) : entry,
    );
    expect(verifyChain(rows)).toMatchObject({
      ok: false,
      seq: seq + 1,
      problem: `does not continue number ${seq}`,
    });
  });

  it.each<[string, Partial<OwnAuditRow>]>([
    ['contents', { after: { purpose: 'e' } }],
    ['action', { action: 'topic.deleted' }],
    ['actor', { actorId: 'usr_1' }],
    ['time', { at: new Date(9).toISOString() }],
    ['who else sees it', { sharedWith: [] }],
    ['company', { chain: 'bank' }],
    ['former hash', { formerHash: GENESIS_HASH }],
  ])('shows a changed %s', (_, changes) => {
    const rows = DEALERS.map((entry) => (entry.seq === 2 ? { ...entry, ...changes } : entry));
    expect(verifyChain(rows)).toMatchObject({ ok: false, seq: 2 });
  });

  it('shows another order and another beginning', () => {
    expect(verifyChain(DEALERS.toReversed())).toMatchObject({ ok: false, seq: 4 });
    const other = DEALERS.map((entry) => (entry.seq === 1 ? forgedOwn(entry, { prevHash: 'x' }) : entry));
    expect(verifyChain(other)).toMatchObject({ ok: false, seq: 1 });
  });

  it('has no number and no hash of another chain in it', () => {
    const others = new Set(LOG.flatMap((row) => [row.hash, ...row.own.map((link) => link.ownHash)]));
    for (const { hash } of DEALERS) others.delete(hash);
    const text = JSON.stringify(DEALERS);
    expect([...others].filter((hash) => text.includes(hash))).toEqual([]);
    expect(Object.keys(DEALERS[0] ?? {})).not.toContain('own');
  });
});

describe('the common chain', () => {
  it('is whole, with the chains of the companies in it', () => {
    expect(verifyChain(LOG)).toEqual({ ok: true, entries: 8 });
  });

  it.each(LOG.slice(0, -1))('shows that entry $seq was removed or written anew', ({ seq }) => {
    const rest = LOG.filter((entry) => entry.seq !== seq);
    expect(verifyChain(rest)).toMatchObject({ ok: false, seq: seq + 1 });
    const rows = LOG.map((entry) => (entry.seq === seq ? forgedCommon(entry, { action: 'x' }) : entry));
    expect(verifyChain(rows)).toMatchObject({ ok: false });
  });

  it('shows that one company was told another story than the common chain has', () => {
    const rows = LOG.map((entry) => {
      if (entry.seq !== 3) return entry;
      const own = entry.own.map((link) =>
        link.partnerId === 'bank' ? { ...link, ownHash: GENESIS_HASH } : link,
      );
      return { ...entry, own };
    });
    expect(verifyChain(rows)).toMatchObject({ ok: false, seq: 3 });
    const fitting = rows.map((entry) => (entry.seq === 3 ? forgedCommon(entry, {}) : entry));
    expect(verifyChain(fitting)).toMatchObject({
      ok: false,
      seq: 3,
      problem: expect.stringContaining('bank'),
    });
  });
});

test('a part of a chain verifies as far as it goes, if it is said to be one', () => {
  const part = DEALERS.filter(({ seq }) => seq === 2 || seq === 3);
  expect(verifyChain(part)).toMatchObject({ ok: false, problem: 'does not follow: number 1 is missing' });
  expect(verifyChain(part, { part: true })).toEqual({ ok: true, entries: 2 });
  const forged = part.map((entry) => (entry.seq === 2 ? forgedOwn(entry, { action: 'x' }) : entry));
  expect(verifyChain(forged, { part: true })).toMatchObject({ ok: false, seq: 3 });
});

test('the chains of two companies in one file are not taken for one', () => {
  expect(verifyChain([...DEALERS, ...BANKS])).toMatchObject({
    ok: false,
    problem: 'is of another chain (bank) than the first (dealer)',
  });
});

test('verifyChain() does not mind the order of members, and takes an empty log', () => {
  const rows = DEALERS.map((entry) => ({ ...entry, before: { b: [1, { c: null }], name: 'a' } }));
  expect(verifyChain(rows)).toEqual({ ok: true, entries: 4 });
  expect(verifyChain([])).toEqual({ ok: true, entries: 0 });
});

test('an entry that was hashed by a version before still verifies', () => {
  // As ANIKA 0.1 wrote and exported it: no `format`, no `own`.
  const text =
    '{"action":"grant.given","actorId":null,"actorPartnerId":null,"after":{"purpose":"кредит"},' +
    `"at":"1970-01-01T00:00:00.000Z","before":null,"prevHash":"${GENESIS_HASH}","seq":1,"subjectId":null,"topicId":null}`;
  const former = {
    ...JSON.parse(text),
    remoteAddress: null,
    hash: createHash('sha256').update(text).digest('hex'),
  };
  expect(verifyChain([former])).toEqual({ ok: true, entries: 1 });
  expect(verifyChain([{ ...former, after: null }])).toMatchObject({ ok: false, seq: 1 });
});

test.each([
  ['two know of each other', 'a', ['a', 'b'], 'b', ['b']],
  ['one has nobody beside it', 'a', ['a'], 'a', []],
  ['an owner knows all its readers', 'owner', ['owner', 'x', 'y'], 'owner', ['x', 'y']],
  ['a reader knows the owner, never the other readers', 'x', ['owner', 'x', 'y'], 'owner', ['owner']],
  ['of three nobody knows the others when a stranger acted', 'x', ['owner', 'x', 'y'], null, []],
])('sharedWith(): %s', (_, partnerId, partnerIds, actorPartnerId, expected) => {
  expect(sharedWith(partnerId, { partnerIds, actorPartnerId })).toEqual(expected);
});
