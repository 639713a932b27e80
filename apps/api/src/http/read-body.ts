import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatDataPath } from '@anika/core/data-path';
import { Failure, invalid } from '@anika/core/failures';
import { jsonDepth, REPEATED_NAME, repeatedName } from '@anika/core/json-text';
import { raw } from 'express';

/** Levels of nesting in any body: 32 of a message's data and those of the batch around it. */
const MAX_BODY_DEPTH = 36;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

export type Body = { readonly text: string; readonly value: unknown };

type ReadBytes = (req: IncomingMessage, res: ServerResponse) => Promise<Buffer>;

function createReadBytes(limit: number): ReadBytes {
  const read = raw({ type: () => true, limit, inflate: false });
  return (req: IncomingMessage & { body?: unknown }, res) =>
    new Promise((resolve, reject) => {
      read(req, res, (error?: unknown) => {
        if (error) reject(bodyFailure(error, limit));
        else resolve(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
      });
    });
}

function bodyFailure(error: unknown, limit: number): unknown {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') {
    return new Failure('payload-too-large', `The body must be at most ${limit} bytes`);
  }
  if (type === 'encoding.unsupported') {
    return new Failure('unsupported-media-type', 'A compressed body is not accepted');
  }
  if (type === 'request.size.invalid' || type === 'request.aborted') {
    return new Failure('invalid-json', 'The body ended before its announced length');
  }
  return error;
}

function hasBody(req: IncomingMessage): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

function checkMediaType(req: IncomingMessage): void {
  const [type = '', ...parameters] = (req.headers['content-type'] ?? '').split(';');
  const charset = parameters.map((p) => p.trim().toLowerCase()).find((p) => p.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  if (type.trim().toLowerCase() !== 'application/json' || !isUtf8) {
    throw new Failure('unsupported-media-type', 'Send the body as application/json in UTF-8');
  }
}

/** Reads JSON bodies of at most so many bytes, as text and parsed; undefined when a request has none. */
export function createReadBody(limit: number, { itemsApart }: { itemsApart: boolean }) {
  const readBytes = createReadBytes(limit);
  return async (req: IncomingMessage, res: ServerResponse): Promise<Body | undefined> => {
    if (!hasBody(req)) return undefined;
    checkMediaType(req);
    const bytes = await readBytes(req, res);
    const body = bytes.length === 0 ? undefined : parseBody(bytes);
    if (body !== undefined && !itemsApart) refuseRepeatedNames(body);
    return body;
  };
}

function parseBody(bytes: Buffer): Body {
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
  if (names !== undefined) throw invalid(formatDataPath(names), REPEATED_NAME);
}
