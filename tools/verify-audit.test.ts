import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commonChain, ownChain } from '@anika/stores/postgres/test-chain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type VerifyOptions, verifyAudit } from './verify-audit.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anika-audit-'));
});

afterAll(() => rm(folder, { recursive: true }));

/** The dealer's entries have a stranger's between them, as nearly all have. */
const LOG = commonChain(
  Array.from({ length: 12 }, (_, n) => ({
    partnerIds: n % 2 ? ['par_stranger'] : ['par_dealer', 'par_bank'],
  })),
);
const DEALERS = ownChain(LOG, 'par_dealer');

async function verify(entries: readonly unknown[] | string, options: VerifyOptions = {}) {
  const file = join(folder, 'export.ndjson');
  const text = typeof entries === 'string' ? entries : ndjson(entries);
  await writeFile(file, text);
  const said: string[] = [];
  const code = await verifyAudit(file, options, (line) => said.push(line));
  return { code, said: said.join('\n') };
}

const ndjson = (entries: readonly unknown[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const hashOf = (seq: number) => DEALERS[seq - 1]?.hash ?? expect.unreachable();

describe('verifyAudit()', () => {
  it("accepts a company's export, says what it checked and what not, and which hash to keep", async () => {
    const { code, said } = await verify(DEALERS);
    expect(code).toBe(0);
    expect(said).toContain('OK: 6 entries of the chain of par_dealer, numbers 1 to 6');
    expect(said).toContain('none is missing or out of place');
    expect(said).toContain('Not checked: whether entries after the last one were removed');
    expect(said).toContain(hashOf(6));
  });

  it("accepts an operator's export, with the chains of the companies in it", async () => {
    const { code, said } = await verify(LOG);
    expect(code).toBe(0);
    expect(said).toContain('OK: 12 entries of the common chain');
    expect(said).toContain('the chains of the 3 companies in it');
  });

  it.each([1, 2, 5])('finds that entry %i of a company was removed, and ends with 1', async (seq) => {
    const { code, said } = await verify(DEALERS.filter((entry) => entry.seq !== seq));
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^BROKEN at entry ${seq + 1} .*number ${seq} is missing`));
  });

  it('points at the entry that was changed, and ends with 1', async () => {
    const entries = DEALERS.map((entry) => (entry.seq === 3 ? { ...entry, after: { purpose: 'x' } } : entry));
    const { code, said } = await verify(entries);
    expect(code).toBe(1);
    expect(said).toMatch(/^BROKEN at entry 3 \(line 3/);
  });

  it('does not take an entry whose place was taken out for one of a version before', async () => {
    const stripped = DEALERS.map(({ chain: _chain, sharedWith: _shared, ...entry }) => entry);
    expect(await verify(stripped)).toMatchObject({ code: 1 });
    const bare = LOG.map(({ own: _own, ...entry }) => entry);
    await expect(verify(bare)).rejects.toThrow('not an entry');
  });

  it('looks for the hash that was kept: also at the seam of an export that begins where the last ended', async () => {
    expect(await verify(DEALERS, { kept: hashOf(4) })).toMatchObject({
      code: 0,
      said: expect.stringContaining('is that of number 4'),
    });
    expect(await verify(DEALERS.slice(4), { kept: hashOf(4), part: true })).toMatchObject({
      code: 0,
      said: expect.stringContaining('is that of number 4'),
    });
    const cut = await verify(DEALERS.slice(0, 4), { kept: hashOf(6) });
    expect(cut).toMatchObject({ code: 1, said: expect.stringMatching(/^BROKEN: no entry has the hash/) });
  });

  it('says of a filtered export that missing entries prove nothing', async () => {
    const part = DEALERS.filter(({ seq }) => seq === 2 || seq === 6);
    expect(await verify(part)).toMatchObject({ code: 1, said: expect.stringContaining('--part') });
    const { code, said } = await verify(part, { part: true });
    expect(code).toBe(0);
    expect(said).toContain('Not checked: whether one of the 4 numbers');
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
    await expect(verifyAudit(join(folder, 'none'), {}, () => undefined)).rejects.toThrow('Cannot read');
  });
});
