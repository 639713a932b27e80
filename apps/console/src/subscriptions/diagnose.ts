/** What a receiver got, as it can be pasted. */
export type Received = {
  readonly secret: string;
  readonly headers: string;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
};

export type Finding =
  | 'fits'
  | 'no-secret'
  | 'secret-is-not-base64'
  | 'no-id'
  | 'no-timestamp'
  | 'no-signature'
  | 'other-header'
  | 'ed25519'
  | 'timestamp-not-seconds'
  | 'too-old'
  | 'fits-without-prefix-cut'
  | 'fits-text-as-key'
  | 'fits-trimmed'
  | 'fits-with-newline'
  | 'fits-compact'
  | 'fits-body-alone'
  | 'does-not-fit';

const TOLERANCE_MS = 300_000;
const OTHER_HEADERS = ['x-hub-signature-256', 'x-signature', 'svix-signature', 'stripe-signature'];

/** Names in lower case; what is no header line is left out. */
export function headersIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^\s*"?([\w-]+)"?\s*[:=]\s*"?(.*?)"?,?\s*$/.exec(line));
  return new Map(
    lines.flatMap((match) => (match === null ? [] : [[String(match[1]).toLowerCase(), String(match[2])]])),
  );
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

async function signatureOf(key: Uint8Array<ArrayBuffer>, content: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(content)));
  return `v1,${btoa(String.fromCharCode(...bytes))}`;
}

function compacted(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}

/**
 * Checks a request as a receiver would (Standard Webhooks 1.0) and, where it does not fit, tries what goes wrong most
 * often, to say which it was. Everything happens where it is called: nothing is sent anywhere.
 */
export async function diagnose({
  secret: given,
  headers: text,
  body,
  nowMs,
}: Received): Promise<readonly Finding[]> {
  const secret = given.trim();
  if (secret === '') return ['no-secret'];
  const bare = secret.replace(/^whsec_/, '');
  const key = bytesOfBase64(bare);
  if (key === undefined || key.length === 0) return ['secret-is-not-base64'];
  const headers = headersIn(text);
  const [id, timestamp] = [headers.get('webhook-id'), headers.get('webhook-timestamp')];
  const signature = headers.get('webhook-signature');
  if (signature === undefined && OTHER_HEADERS.some((name) => headers.has(name))) return ['other-header'];
  if (id === undefined) return ['no-id'];
  if (timestamp === undefined) return ['no-timestamp'];
  if (signature === undefined) return ['no-signature'];
  const signatures = signature.split(' ');
  if (signatures.every((one) => one.startsWith('v1a,'))) return ['ed25519'];
  const time = timeFinding(timestamp, nowMs);
  const fits = async (signing: Uint8Array<ArrayBuffer>, content: string) =>
    signatures.includes(await signatureOf(signing, content));
  const signed = (of: string) => `${id}.${timestamp}.${of}`;
  if (await fits(key, signed(body))) return time === undefined ? ['fits'] : ['fits', time];
  const utf8 = (of: string) => new TextEncoder().encode(of);
  const tries: readonly (readonly [Finding, () => Promise<boolean>])[] = [
    ['fits-trimmed', () => fits(key, signed(body.trim()))],
    ['fits-with-newline', () => fits(key, signed(`${body}\n`))],
    ['fits-compact', () => fits(key, signed(compacted(body)))],
    ['fits-without-prefix-cut', () => fits(utf8(secret), signed(body))],
    ['fits-text-as-key', () => fits(utf8(bare), signed(body))],
    ['fits-body-alone', () => fits(key, body)],
  ];
  for (const [finding, holds] of tries) {
    if (await holds()) return time === undefined ? [finding] : [finding, time];
  }
  return time === undefined ? ['does-not-fit'] : ['does-not-fit', time];
}

function timeFinding(timestamp: string, nowMs: number): Finding | undefined {
  if (!/^\d{9,11}$/.test(timestamp)) return 'timestamp-not-seconds';
  return Math.abs(nowMs - Number(timestamp) * 1000) > TOLERANCE_MS ? 'too-old' : undefined;
}
