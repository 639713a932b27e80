import type { createErasure } from '@anika/contracts/erasures';
import { isJsonObject, parseExact } from '@anika/core/exact-json';
import type { z } from 'zod';

type Body = z.input<NonNullable<typeof createErasure.body>>;

export type EnteredErasure = {
  readonly topicId: string;
  readonly by: 'key' | 'path';
  readonly key: string;
  readonly path: string;
  readonly value: string;
  readonly reason: string;
};

/** As the API takes it; undefined while something is missing. */
export function erasureBody(entered: EnteredErasure): Body | undefined {
  const { topicId, by, key, path, value, reason } = entered;
  if (reason.trim() === '') return undefined;
  const criterion = by === 'key' ? { key } : { path: path.trim(), value: scalarOf(value) };
  if (Object.values(criterion).includes('')) return undefined;
  return { reason, ...criterion, ...(topicId !== '' && { topicId }) };
}

/**
 * A number, `true`, `false` or `null` as JSON has them, a text in quotes, or the text as it is. A number that a double
 * does not hold goes as an `ExactNumber`: what is sent has all its digits.
 */
function scalarOf(entered: string): string | number | boolean | null {
  try {
    const value = parseExact(entered);
    const isScalar = !isJsonObject(value) && !Array.isArray(value);
    return isScalar ? (value as string | number | boolean | null) : entered;
  } catch {
    return entered;
  }
}
