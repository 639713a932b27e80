import type { createErasure } from '@anika/contracts/erasures';
import { isJsonNumber, type JsonNumber } from '@anika/core/decimal';
import { parseExact } from '@anika/core/exact-json';
import type { z } from 'zod';

type Scalar = string | JsonNumber | boolean | null;
export type ErasureBody = z.input<NonNullable<typeof createErasure.body>>;
/** With all the digits of a number, which the contract has as a double. */
export type ExactErasure = Omit<ErasureBody, 'value'> & { readonly value?: Scalar };

export type EnteredErasure = {
  readonly topicId: string;
  readonly by: 'key' | 'path';
  readonly key: string;
  readonly path: string;
  readonly value: string;
  readonly reason: string;
};

/** As the API takes it; undefined while something is missing. */
export function erasureBody(entered: EnteredErasure): ExactErasure | undefined {
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
function scalarOf(entered: string): Scalar {
  try {
    const value = parseExact(entered);
    return isScalar(value) ? value : entered;
  } catch {
    return entered;
  }
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || value === null || isJsonNumber(value);
}
