import type { FieldMask } from '@anika/core/field-mask';
import { parseFieldMask } from '@anika/core/field-mask';
import { type Filter, parseFilter } from '@anika/core/filter';
import { Prisma } from './generated/client.ts';

/** A JSON column's value to write; undefined is SQL NULL. */
export function toJsonColumn(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === undefined ? Prisma.DbNull : (value as Prisma.InputJsonValue);
}

/** Throws when the column holds something else than this program wrote: nothing may be delivered on a guess. */
export function readFilterColumn(value: unknown): Filter | undefined {
  if (value === null || value === undefined) return undefined;
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error('a stored filter is not valid', { cause: parsed.errors });
  return parsed.filter;
}

export function readFieldsColumn(value: unknown): FieldMask | undefined {
  if (value === null || value === undefined) return undefined;
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error('a stored field mask is not valid', { cause: parsed.errors });
  return parsed.mask;
}
