import { LIMIT_KINDS, type OwnLimits } from '@anika/core/company-limits';
import { parseExact } from '@anika/core/exact-json';
import type { FieldMask } from '@anika/core/field-mask';
import { parseFieldMask } from '@anika/core/field-mask';
import { type Filter, parseFilterText } from '@anika/core/filter';
import { z } from 'zod';
import { Prisma } from './generated/client.ts';

/** A JSON column's value to write; undefined is SQL NULL. */
export function toJsonColumn(value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === undefined ? Prisma.DbNull : (value as Prisma.InputJsonValue);
}

/** For the audit log, whose JSON has doubles only: a number beyond them stands there as a text of its digits. */
export function exactAuditView(text: string | undefined): Prisma.InputJsonValue | null {
  return text === undefined ? null : JSON.parse(JSON.stringify(parseExact(text)));
}

/** Throws when the column holds something else than this program wrote: nothing may be delivered on a guess. */
export function readFilterColumn(text: string | null): Filter | undefined {
  if (text === null) return undefined;
  const parsed = parseFilterText(text);
  if (!parsed.ok) throw new Error('a stored filter is not valid', { cause: parsed.errors });
  return parsed.filter;
}

export function filterAuditView(filter: Filter | undefined): unknown {
  return exactAuditView(filter?.text);
}

export function readFieldsColumn(value: unknown): FieldMask | undefined {
  if (value === null || value === undefined) return undefined;
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error('a stored field mask is not valid', { cause: parsed.errors });
  return parsed.mask;
}

const limits = z.partialRecord(z.enum(LIMIT_KINDS), z.number().int());

export function readLimitsColumn(value: unknown): OwnLimits {
  return limits.parse(value);
}
