import { saidIn } from '@anika/contracts/common';
import { plainWords } from '@anika/contracts/plain-words';
import { Failure, type FieldError } from '@anika/core/failures';
import type { z } from 'zod';

type Part = 'path' | 'query' | 'body' | 'Idempotency-Key' | 'CloudEvent';

function fieldErrors(error: z.ZodError, repeated: ReadonlySet<string>): FieldError[] {
  return error.issues.slice(0, 20).flatMap((issue) => {
    const at = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys
        .slice(0, 20)
        .map((key) => ({ path: [...at, key].join('.'), message: 'is not a known field' }));
    }
    const path = at.join('.');
    if (repeated.has(path)) return [{ path, message: 'must be given once' }];
    return [{ path, message: issue.message, ...saidIn(issue) }];
  });
}

/** Parameters that come several times: each is an array, whatever it should be. */
function repeatedIn(query: unknown): Set<string> {
  const repeated = Object.entries(query ?? {}).filter(([, value]) => Array.isArray(value));
  return new Set(repeated.map(([name]) => name));
}

/** Parses one part of a request with its schema, or throws `validation-failed` naming each wrong field. */
export function parsePart<S extends z.ZodType>(schema: S, value: unknown, part: Part): z.output<S>;
export function parsePart(schema: z.ZodType | undefined, value: unknown, part: Part): unknown;
export function parsePart(schema: z.ZodType | undefined, value: unknown, part: Part): unknown {
  if (schema === undefined) {
    if (part === 'query' && Object.keys(value ?? {}).length > 0) {
      throw new Failure('validation-failed', 'This route takes no query parameters');
    }
    return undefined;
  }
  const result = schema.safeParse(value, { error: plainWords });
  if (result.success) return result.data;
  const errors = fieldErrors(result.error, part === 'query' ? repeatedIn(value) : new Set());
  const first = errors[0];
  const detail = first === undefined ? '' : `: ${first.path === '' ? part : first.path} ${first.message}`;
  throw new Failure('validation-failed', `The ${part} does not have the expected form${detail}`, { errors });
}
