import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { canonicalJson } from '@anika/core/canonical-json';
import { parseExact } from '@anika/core/exact-json';
import { fingerprintOf, RECEIPT_FORMAT } from '@anika/core/receipt/receipt';
import { got } from 'got';
import { z } from 'zod';
import { ExplainedError, reasonOf } from './explained-error.ts';
import { homeFolder, readJson } from './home.ts';
import { asIs } from './language.ts';

const JWKS_PATH = '/.well-known/jwks.json';
const FETCH_MS = 10_000;

const answerSchema = z.looseObject({ jws: z.string(), fingerprint: z.string() });
const headerSchema = z.looseObject({
  alg: z.literal('ES256'),
  typ: z.literal('anika-receipt'),
  kid: z.string(),
  iat: z.number().int(),
});
/** RFC 7517. */
export const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) });
const shared = { format: z.literal(RECEIPT_FORMAT), issuer: z.string() };
const count = z.number().int();
const factsSchema = z.discriminatedUnion('kind', [
  z.looseObject({ ...shared, kind: z.literal('delivery'), deliveryId: z.string(), state: z.string() }),
  z.looseObject({
    ...shared,
    kind: z.enum(['pair', 'topic']),
    topicId: z.string(),
    partnerId: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    complete: z.boolean(),
    accepted: count,
    underWay: count,
    deliveries: z.object({
      pending: count,
      retrying: count,
      delivered: count,
      dead: count,
      cancelled: count,
      held: count,
    }),
  }),
]);
type Facts = z.output<typeof factsSchema>;

export type VerifyReceiptOptions = {
  /** Where the public keys are: an address or a file. Left out: those of the stack that runs here. */
  readonly jwks?: string | undefined;
};

/** What is wrong with a receipt. */
class Broken extends Error {}

/** The same with the keys at hand: what is wrong with a receipt, or nothing. */
export function receiptProblem(source: string, set: Keys['set']): string | undefined {
  try {
    check(source, { from: 'the given keys', set });
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return error.message;
    throw error;
  }
}

/**
 * `./anika verify-receipt`: checks a receipt as it was answered, or its JWS alone, and needs no server when the keys
 * are in a file. Returns the exit code: 0 when it was signed by such a key and everything in it fits.
 * @param file `-` for standard input
 */
export async function verifyReceipt(
  file: string,
  options: VerifyReceiptOptions,
  say: (line: string) => void,
): Promise<number> {
  const source = (await contentOf(file)).trim();
  const keys = await keysOf(options.jwks);
  try {
    for (const line of check(source, keys)) say(line);
    return 0;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    say(`BROKEN: ${error.message}.`);
    return 1;
  }
}

type Keys = { readonly from: string; readonly set: z.output<typeof keySet> };

function check(source: string, keys: Keys): string[] {
  const { jws, shown } = partsOf(source);
  const [head = '', payload = '', signature = '', ...more] = jws.split('.');
  if (more.length > 0 || signature === '') throw new Broken('the JWS is not of three parts');
  const header = headerSchema.safeParse(json(bytesOf(head).toString()));
  if (!header.success)
    throw new Broken('the JWS is not of a receipt: its header must say ES256, anika-receipt');
  const { kid, iat } = header.data;
  checkSignature(`${head}.${payload}`, { signature, kid, keys });
  const form = bytesOf(payload).toString();
  const facts = factsOf(form);
  const fingerprint = fingerprintOf(createHash('sha256').update(form).digest('hex'));
  if (shown !== undefined) checkShown(shown, form, fingerprint);
  checkSum(facts);
  return [
    `OK: ${inWords(facts)}`,
    `Fingerprint: ${fingerprint}`,
    `Signed ${new Date(iat * 1000).toISOString()} for ${facts.issuer} by the key ${kid} of ${keys.from}.`,
    `Checked: the signature, the canonical form, the fingerprint${shown === undefined ? '' : ', that the answer says what was signed'}${facts.kind === 'delivery' ? '' : ', that it adds up'}.`,
    'Not checked: whether these keys are the installation’s own; get them from it yourself, over HTTPS.',
  ];
}

type Shown = { readonly fingerprint: string; readonly facts: unknown };

/** The answer of the API, or the JWS alone. */
function partsOf(source: string): { jws: string; shown?: Shown } {
  if (!source.startsWith('{')) return { jws: source };
  const answer = answerSchema.safeParse(json(source));
  if (!answer.success)
    throw new Broken('it is no receipt: a JSON object with "fingerprint" and "jws", or a JWS');
  const { jws, fingerprint, ...facts } = answer.data;
  return { jws, shown: { fingerprint, facts } };
}

type Signed = { readonly signature: string; readonly kid: string; readonly keys: Keys };

function checkSignature(signed: string, { signature, kid, keys }: Signed): void {
  const jwk = keys.set.keys.find((key) => key.kid === kid);
  if (jwk === undefined)
    throw new Broken(`no key ${kid} is in ${keys.from}: not signed there, or the keys are old`);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const isGood = verify(
    'sha256',
    Buffer.from(signed),
    { key, dsaEncoding: 'ieee-p1363' },
    bytesOf(signature),
  );
  if (!isGood) throw new Broken(`the key ${kid} has not signed this: it was changed`);
}

function factsOf(form: string): Facts {
  const facts = factsSchema.safeParse(json(form));
  if (!facts.success) throw new Broken(`what was signed is no receipt of the format ${RECEIPT_FORMAT}`);
  if (canonicalJson(parseExact(form)) !== form)
    throw new Broken('what was signed is not in the canonical form');
  return facts.data;
}

function checkShown(shown: Shown, form: string, fingerprint: string): void {
  if (canonicalJson(shown.facts) !== form) {
    throw new Broken('the answer says something else than what was signed: it was changed');
  }
  if (shown.fingerprint !== fingerprint) {
    throw new Broken(`the fingerprint is ${fingerprint}, the answer shows ${shown.fingerprint}`);
  }
}

function checkSum(facts: Facts): void {
  if (facts.kind === 'delivery') return;
  const { pending, retrying, delivered, dead, cancelled, held } = facts.deliveries;
  const addsUp =
    facts.underWay === pending + retrying &&
    facts.accepted === delivered + dead + cancelled + held + facts.underWay;
  if (!addsUp) throw new Broken('it does not add up');
}

function inWords(facts: Facts): string {
  if (facts.kind === 'delivery') return `delivery ${facts.deliveryId}, ${facts.state}.`;
  const { delivered, dead, cancelled, held } = facts.deliveries;
  const whose = facts.partnerId === null ? 'all readers' : facts.partnerId;
  const kept = facts.complete ? '' : ' (a part of this time is not kept any more)';
  return (
    `topic ${facts.topicId}, ${whose}, from ${facts.from} to ${facts.to}${kept}: accepted ${facts.accepted} = ` +
    `delivered ${delivered} + dead ${dead} + cancelled ${cancelled} + held ${held} + under way ${facts.underWay}.`
  );
}

function json(source: string): unknown {
  try {
    return parseExact(source);
  } catch {
    return undefined;
  }
}

/** Decoders pass over what does not belong there; a JWS has one spelling (RFC 7515 §2). */
function bytesOf(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  if (bytes.toString('base64url') !== base64url)
    throw new Broken('the JWS is not in base64url as it must be');
  return bytes;
}

async function contentOf(file: string): Promise<string> {
  try {
    return file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new ExplainedError(asIs(`Cannot read ${file}: ${reasonOf(error)}`));
  }
}

async function keysOf(jwks: string | undefined): Promise<Keys> {
  const from = jwks ?? (await ownJwks());
  const source = /^https?:\/\//.test(from) ? await fetched(from) : await contentOf(from);
  const set = keySet.safeParse(json(source));
  if (!set.success) throw new ExplainedError(asIs(`${from} is no set of keys (RFC 7517).`));
  return { from, set: set.data };
}

/** Never the address that the receipt itself names: whoever forges one names their own. */
async function ownJwks(): Promise<string> {
  const stack = z.object({ api: z.string() }).safeParse(await readJson(join(homeFolder(), 'stack.json')));
  if (stack.success) return stack.data.api + JWKS_PATH;
  throw new ExplainedError(
    asIs(`No "./anika up" runs here: say with --jwks where the keys are, https://…${JWKS_PATH} or a file.`),
  );
}

async function fetched(url: string): Promise<string> {
  try {
    return await got(url, { timeout: { request: FETCH_MS }, retry: { limit: 0 } }).text();
  } catch (error) {
    throw new ExplainedError(asIs(`Cannot read ${url}: ${reasonOf(error)}`));
  }
}
