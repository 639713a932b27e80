import { hash } from 'node:crypto';

export type EncodedBody = {
  /** UTF-8. */
  readonly bytes: Buffer;
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string;
};

export type EncodeBody = (text: string) => EncodedBody;

/** Of characters. Below, to look whether it is the same costs as much as to do it again. */
const LARGE_CHARS = 16 * 1024;
/** What was taken back is to be in no memory, and who reads the same message gets it in this time. */
const KEPT_MS = 500;

/** Bodies as bytes, with their hash. A large one goes to several readers at once: it is encoded for the first. */
export function createEncodeBody(): EncodeBody {
  let last: (EncodedBody & { readonly text: string }) | undefined;
  let timer: NodeJS.Timeout | undefined;
  return (text) => {
    if (text.length < LARGE_CHARS) return encode(text);
    if (last?.text === text) return last;
    const made = { text, ...encode(text) };
    last = made;
    // The timer of the one before would keep that for its whole time.
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = undefined;
    }, KEPT_MS).unref();
    return made;
  };
}

function encode(text: string): EncodedBody {
  const bytes = Buffer.from(text);
  return { bytes, sha256: hash('sha256', bytes) };
}
