/**
 * W3C Trace Context (level 1), as ANIKA has it: a message is one trace, known by the message's id alone, and each
 * attempt is a span of it. Nothing that a company sends is in there, so that none of it reaches another company.
 */

/** Of the message's id: 26 characters of five bits, two bits more than a trace id has. */
const ID_CHARS = 26;
const VALUES = new Map([...'0123456789abcdefghjkmnpqrstvwxyz'].map((char, value) => [char, value]));
const HEX = '0123456789abcdef';

/** The trace of a message: the last 128 bits of its id, in hexadecimal. */
export function traceIdOf(messageId: string): string {
  const chars = messageId.slice(4).padStart(ID_CHARS, '0').slice(-ID_CHARS);
  let out = '';
  let bits = -2;
  let value = 0;
  for (const char of chars) {
    value = (value << 5) | (VALUES.get(char) ?? 0);
    bits += 5;
    while (bits >= 4) {
      bits -= 4;
      out += HEX[(value >> bits) & 15];
    }
    value &= 15;
  }
  return out;
}

/** 16 hexadecimal digits of a random UUID: never all zero, as its version is among them. */
export function spanIdOf(uuid: string): string {
  return uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18);
}

/** The header; sampled, since ANIKA writes a line about each. */
export function traceparentOf(messageId: string, spanId: string): string {
  return `00-${traceIdOf(messageId)}-${spanId}-01`;
}

export type TraceContext = { readonly traceId: string; readonly spanId: string };

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;

/** Somebody else's header (§3.2); undefined unless it is valid: it is then as if there were none. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const [, version, traceId, spanId, more] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  // Later versions may have more; the first has not.
  return version === '00' && more !== undefined ? undefined : { traceId, spanId };
}
