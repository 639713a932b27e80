import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartnerId, TopicId } from '@anika/core/ids';
import { type Figures, fingerprintOf, rangeReceipt } from '@anika/core/receipt/receipt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignReceipt } from '../apps/api/src/receipts/sign-receipt.ts';
import { REPOSITORY } from './home.ts';
import { receiptProblem, verifyReceipt } from './verify-receipt.ts';

const SIGNED_MS = Date.UTC(2026, 11, 1, 9);
const FIGURES: Figures = {
  counts: { delivered: 5298, dead: 3, cancelled: 9 },
  firstAttempt: 5290,
  messages: 5310,
  withoutDelivery: 0,
  medianMs: 12,
  p95Ms: 40,
  p99Ms: 310,
  oldestUndeliveredMs: undefined,
};
const FACTS = rangeReceipt(
  {
    issuer: 'https://anika.example',
    topicId: 'top_01kb3v6m0eqx4tq2h7s9d5c8fz' as TopicId,
    ownerId: 'par_01kb3v6m0eqx4tq2h7s9d5c8fa' as PartnerId,
    partnerId: 'par_01kb3v6m0eqx4tq2h7s9d5c8fb' as PartnerId,
    fromMs: Date.UTC(2026, 10, 1),
    toMs: Date.UTC(2026, 11, 1),
    isComplete: true,
  },
  FIGURES,
);

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KID = 'receipt-one';

let folder: string;
let jwks: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anika-receipt-'));
  jwks = join(folder, 'jwks.json');
  await writeFile(
    jwks,
    JSON.stringify({
      keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: KID, use: 'sig', alg: 'ES256' }],
    }),
  );
});

afterAll(() => rm(folder, { recursive: true }));

function sign(privateKey: KeyObject = own.privateKey, kid = KID) {
  return createSignReceipt({ key: async () => ({ kid, privateKey }), clock: { now: () => SIGNED_MS } })(
    FACTS,
  );
}

async function verify(content: unknown, keys = jwks) {
  const file = join(folder, 'receipt.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const said: string[] = [];
  const code = await verifyReceipt(file, { jwks: keys }, (line) => said.push(line));
  return { code, said: said.join('\n') };
}

/** A JWS with another payload or header under the same signature. */
function changed(jws: string, part: 0 | 1, change: (value: Record<string, unknown>) => unknown): string {
  const parts = jws.split('.');
  const before = JSON.parse(Buffer.from(parts[part] ?? '', 'base64url').toString());
  parts[part] = Buffer.from(JSON.stringify(change(before))).toString('base64url');
  return parts.join('.');
}

describe('verifyReceipt()', () => {
  it('accepts an answer as it came, says what it says, by whom and when it was signed', async () => {
    const answer = await sign();
    const { code, said } = await verify(JSON.stringify(answer, null, 2));
    expect(code).toBe(0);
    expect(said).toContain('accepted 5310 = delivered 5298 + dead 3 + cancelled 9 + held 0 + under way 0');
    expect(said).toContain(`Fingerprint: ${answer.fingerprint}`);
    expect(said).toContain(
      'Signed 2026-12-01T09:00:00.000Z for https://anika.example by the key receipt-one',
    );
  });

  it('accepts the JWS alone, and members in another order', async () => {
    const { jws, fingerprint, ...facts } = await sign();
    expect(await verify(jws)).toMatchObject({ code: 0 });
    const turned = Object.fromEntries(Object.entries({ ...facts, jws, fingerprint }).reverse());
    expect(await verify(turned)).toMatchObject({ code: 0 });
  });

  it.each<[string, (answer: Record<string, unknown> & { jws: string }) => unknown, RegExp]>([
    ['another figure in the answer', (answer) => ({ ...answer, accepted: 5311 }), /says something else/],
    ['a figure that is missing', ({ underWay: _, ...answer }) => answer, /says something else/],
    [
      'another fingerprint',
      (answer) => ({ ...answer, fingerprint: '0000-0000-0000-0000' }),
      /fingerprint is/,
    ],
    [
      'another figure in what was signed',
      (answer) => changed(answer.jws, 1, (facts) => ({ ...facts, accepted: 1 })),
      /has not signed this/,
    ],
    ['no algorithm', (answer) => changed(answer.jws, 0, (head) => ({ ...head, alg: 'none' })), /header/],
    [
      'an HMAC by the public key',
      (answer) => changed(answer.jws, 0, (head) => ({ ...head, alg: 'HS256' })),
      /header/,
    ],
    ['an access token', (answer) => changed(answer.jws, 0, (head) => ({ ...head, typ: 'at+jwt' })), /header/],
    ['no signature', (answer) => answer.jws.replace(/\.[^.]*$/, '.'), /three parts/],
    ['a signature with something behind it', (answer) => `${answer.jws}!`, /base64url/],
    ['a list', () => '[]', /three parts/],
    ['another answer of the API', () => ({ items: [] }), /no receipt/],
  ])('refuses %s, and ends with 1', async (_what, change, why) => {
    const { code, said } = await verify(change(await sign()));
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/^BROKEN: /) });
    expect(said).toMatch(why);
  });

  it('refuses what another key has signed under the same name, and a name it does not know', async () => {
    expect((await verify(await sign(other.privateKey))).said).toMatch(
      /BROKEN: the key receipt-one has not signed/,
    );
    expect((await verify(await sign(own.privateKey, 'receipt-two'))).said).toMatch(
      /BROKEN: no key receipt-two/,
    );
  });

  it('refuses what was signed and does not add up', async () => {
    const privateKey = createPrivateKey(own.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const signer = createSignReceipt({
      key: async () => ({ kid: KID, privateKey }),
      clock: { now: () => 0 },
    });
    expect((await verify(await signer({ ...FACTS, accepted: 1 }))).said).toBe('BROKEN: it does not add up.');
  });

  it('says in a sentence when there are no keys', async () => {
    const answer = await sign();
    await expect(verify(answer, join(folder, 'none.json'))).rejects.toThrow(/Cannot read .*none\.json/);
    await expect(verify(answer, join(folder, 'receipt.json'))).rejects.toThrow(/no set of keys/);
  });
});

describe('docs/receipts.md', () => {
  it('shows a canonical form, its fingerprint, its JWS and a key that fit', async () => {
    const page = await readFile(join(REPOSITORY, 'docs/receipts.md'), 'utf8');
    const block = (name: string) =>
      new RegExp(`\`\`\`\\w+ ${name}\\n([^]*?)\\n\`\`\``).exec(page)?.[1] ?? expect.unreachable();
    const [form, jws, keys] = [block('canonical-form'), block('jws'), block('jwks')];
    expect(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()).toBe(form);
    expect(receiptProblem(jws, JSON.parse(keys))).toBeUndefined();
    const hash = createHash('sha256').update(form).digest('hex');
    expect(page).toContain(`SHA-256 \`${hash}\`, so the fingerprint \`${fingerprintOf(hash)}\``);
  });
});
