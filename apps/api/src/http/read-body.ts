import type { IncomingMessage } from 'node:http';
import { formatDataPath } from '@anika/core/data-path';
import { Failure, invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import { jsonDepth, repeatedName } from '@anika/core/json-text';
import { HttpFailure } from './problem.ts';

/** Levels of nesting in any body: 32 of a message's data and those of the batch around it. */
const MAX_BODY_DEPTH = 36;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

export type Body = {
  /** Without its parameters, in lower case. */
  readonly mediaType: string;
  readonly text: string;
  readonly value: unknown;
};

/** The bytes of a body of at most `limit`. Express's reader takes a client that half-closed for one that has gone. */
function readBytes(req: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else reject(tooLarge(limit));
    });
    req.once('end', () => resolve(Buffer.concat(chunks)));
    req.once('error', () => reject(cutShort()));
    req.once('close', () => reject(cutShort()));
  });
}

function tooLarge(limit: number): Failure {
  return new Failure('payload-too-large', `The body must be at most ${limit} bytes`);
}

function cutShort(): Failure {
  return new Failure('invalid-json', 'The body ended before its announced length');
}

function checkEncoding(req: IncomingMessage): void {
  if ((req.headers['content-encoding'] ?? 'identity').trim().toLowerCase() === 'identity') return;
  // RFC 9110 15.5.16
  throw new HttpFailure('unsupported-media-type', 'A compressed body is not accepted', {
    'Accept-Encoding': 'identity',
  });
}

function hasBody(req: IncomingMessage): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

/**
 * JSON has no charset parameter and is UTF-8 (RFC 8259 8.1, 11): a name of UTF-8 or of what is part of it changes
 * nothing. Another one tells of bytes that would be read as something else than was meant.
 */
const CHARSETS = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);
const CHARSET = /^charset\s*=\s*"?([^"\s]*)"?$/;

function mediaTypeOf(req: IncomingMessage, taken: readonly string[]): string {
  const [type = '', ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';');
  const charsets = parameters.flatMap((parameter) => CHARSET.exec(parameter.trim())?.[1] ?? []);
  const mediaType = type.trim();
  if (taken.includes(mediaType) && charsets.every((charset) => CHARSETS.has(charset))) return mediaType;
  throw new HttpFailure('unsupported-media-type', `Send the body as ${taken.join(' or ')} in UTF-8`, {
    Accept: taken.join(', '),
  });
}

type Reading = {
  /** What bodies may be called. */
  readonly mediaTypes: readonly string[];
  readonly itemsApart: boolean;
};

/** Reads JSON bodies of at most so many bytes, as text and parsed; undefined when a request has none. */
export function createReadBody(limit: number, { mediaTypes, itemsApart }: Reading) {
  return async (req: IncomingMessage): Promise<Body | undefined> => {
    if (!hasBody(req)) return undefined;
    const mediaType = mediaTypeOf(req, mediaTypes);
    checkEncoding(req);
    if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
    const bytes = await readBytes(req, limit);
    const body = bytes.length === 0 ? undefined : { mediaType, ...parseBody(bytes) };
    if (body !== undefined && !itemsApart) refuseRepeatedNames(body);
    return body;
  };
}

function parseBody(bytes: Buffer): Omit<Body, 'mediaType'> {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure('invalid-json', 'The body is not valid JSON in UTF-8', { cause: error });
  }
  const depth = jsonDepth(text);
  if (depth > MAX_BODY_DEPTH) {
    throw new Failure('validation-failed', `The body is nested ${depth} levels deep, at most 32 are allowed`);
  }
  return { text, value };
}

function refuseRepeatedNames({ value, text }: Body): void {
  const names = repeatedName(value, text);
  if (names !== undefined) throw invalid(formatDataPath(names), said('repeated-name'));
}
