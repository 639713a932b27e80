import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditHash, GENESIS_HASH } from '@anika/stores/postgres/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from './verify-audit.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anika-audit-'));
});

afterAll(() => rm(folder, { recursive: true }));

function chain(length: number) {
  let prevHash = GENESIS_HASH;
  return Array.from({ length }, (_, index) => {
    const contents = {
      seq: index + 1,
      at: new Date(index).toISOString(),
      action: 'grant.given',
      actorId: null,
      actorPartnerId: null,
      topicId: null,
      subjectId: null,
      before: null,
      after: { purpose: 'кредит' },
      prevHash,
    };
    prevHash = auditHash(contents);
    return { ...contents, remoteAddress: null, hash: prevHash };
  });
}

async function verify(text: string) {
  const file = join(folder, 'export.ndjson');
  await writeFile(file, text);
  const said: string[] = [];
  const code = await verifyAudit(file, (line) => said.push(line));
  return { code, said: said.join('\n') };
}

const ndjson = (entries: readonly unknown[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

describe('verifyAudit()', () => {
  it('accepts an export, and says which hash to keep', async () => {
    const entries = chain(5);
    const { code, said } = await verify(ndjson(entries));
    expect(code).toBe(0);
    expect(said).toContain('OK: 5 entries');
    expect(said).toContain(entries[4]?.hash);
  });

  it('says how many entries of others are between those of one company', async () => {
    const { code, said } = await verify(ndjson(chain(6).filter(({ seq }) => seq === 2 || seq === 6)));
    expect(code).toBe(0);
    expect(said).toContain('3 entries between them');
  });

  it('points at the entry that was changed, and ends with 1', async () => {
    const entries = chain(4).map((entry) =>
      entry.seq === 3 ? { ...entry, after: { purpose: 'x' } } : entry,
    );
    const { code, said } = await verify(ndjson(entries));
    expect(code).toBe(1);
    expect(said).toMatch(/^BROKEN at entry 3 \(line 3/);
  });

  it('ends with 1 when there is no entry, so that an empty download does not pass', async () => {
    expect(await verify('')).toEqual({ code: 1, said: 'There is no entry in it.' });
  });

  it.each([
    ['{', 'Line 1 is not JSON'],
    ['{"seq":1}', 'Line 1 is not an entry'],
  ])('explains that %s is no export', async (text, message) => {
    await expect(verify(text)).rejects.toThrow(message);
  });

  it('explains that there is no such file', async () => {
    await expect(verifyAudit(join(folder, 'none'), () => undefined)).rejects.toThrow('Cannot read');
  });
});
