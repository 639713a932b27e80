import { TextDecoder } from 'node:util';

const KEPT_BYTES = 4 * 1024;
/** To make one is dear; it keeps nothing from one text to the next. */
const UTF_8 = new TextDecoder();
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i;

/**
 * The start of an answer as text, by the charset that its Content-Type names, UTF-8 when it names none that is known.
 * A byte order mark is no text, and NUL has no place in stored text.
 */
export function textOf(chunks: readonly Buffer[], contentType: string | undefined): string {
  if (chunks.length === 0) return '';
  const bytes = Buffer.concat(chunks).subarray(0, KEPT_BYTES);
  return decoderOf(contentType).decode(bytes).replaceAll('\u0000', '\ufffd');
}

function decoderOf(contentType: string | undefined): TextDecoder {
  const label = CHARSET.exec(contentType ?? '')?.[1];
  if (label === undefined || /^utf-?8$/i.test(label)) return UTF_8;
  try {
    return new TextDecoder(label);
  } catch {
    return UTF_8; // a name that nobody knows
  }
}
