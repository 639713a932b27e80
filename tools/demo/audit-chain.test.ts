import { createHash } from 'node:crypto';
import { canonicalJson } from '@anika/stores/postgres/audit-hash';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, findBreak, isUntouched } from './audit-chain.ts';

/** A log as the broker writes it. */
function writeLog(count: number): AuditEntry[] {
  const log: AuditEntry[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const prevHash = log.at(-1)?.hash ?? '0'.repeat(64);
    const entry = {
      seq,
      action: 'grant.created',
      actorPartnerId: 'par_1',
      subjectId: null,
      after: { fields: { exclude: ['data.customer.phone', 'ё'] }, history: true, n: [seq, null] },
      prevHash,
    };
    log.push({
      ...entry,
      remoteAddress: '192.0.2.1',
      hash: createHash('sha256').update(canonicalJson(entry)).digest('hex'),
    });
  }
  return log;
}

describe('findBreak()', () => {
  it('finds none in a log as it was written', () => {
    expect(findBreak(writeLog(4))).toBeUndefined();
  });

  it('finds an entry that was changed', () => {
    const log = writeLog(4).map((entry) => (entry.seq === 2 ? { ...entry, after: null } : entry));
    expect(findBreak(log)).toBe(2);
  });

  it('finds where an entry was taken out', () => {
    expect(findBreak(writeLog(4).filter(({ seq }) => seq !== 3))).toBe(4);
  });

  it('finds an entry that was changed together with its own hash', () => {
    const log = writeLog(3);
    const [other] = writeLog(1).map((entry) => ({ ...entry, action: 'grant.revoked' }));
    const { hash: _, remoteAddress, ...content } = other ?? { hash: '', remoteAddress: null };
    const hash = createHash('sha256').update(canonicalJson(content)).digest('hex');
    const forged = { ...content, remoteAddress, hash };
    expect(isUntouched(forged as AuditEntry)).toBe(true);
    expect(findBreak([forged as AuditEntry, ...log.slice(1)])).toBe(2);
  });
});
