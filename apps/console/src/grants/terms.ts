import type { grant } from '@anika/contracts/grants';
import { canonicalJson } from '@anika/core/canonical-json';
import { isJsonObject, writeExact } from '@anika/core/exact-json';
import type { z } from 'zod';
import { sha256Of } from '../proof/sha256.ts';

export type Grant = z.output<typeof grant>;
/** What a reader may see, under which conditions. */
export type Terms = Pick<Grant, 'purpose' | 'fields' | 'types' | 'filter' | 'history' | 'expiresAt'>;

export type Condition = { readonly path: string; readonly operator: string; readonly value: string };

/**
 * The conditions of a filter that all have to hold, each as a path, an operator and a value; undefined where it has
 * `or` or `not` in it and is better read as it is written.
 */
export function plainConditions(filter: Readonly<Record<string, unknown>>): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const [path, wanted] of Object.entries(filter)) {
    if (['and', 'or', 'not'].includes(path)) return undefined;
    if (!isJsonObject(wanted)) {
      conditions.push({ path, operator: 'eq', value: writeExact(wanted) });
      continue;
    }
    for (const [operator, value] of Object.entries(wanted)) {
      conditions.push({ path, operator, value: writeExact(value) });
    }
  }
  return conditions;
}

export type Mask = { readonly kind: 'all' | 'exclude' | 'include'; readonly paths: readonly string[] };

export function maskOf(fields: Readonly<Record<string, unknown>> | null): Mask {
  const paths = (value: unknown) =>
    Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  if (fields === null) return { kind: 'all', paths: [] };
  if ('include' in fields) return { kind: 'include', paths: paths(fields.include) };
  return { kind: 'exclude', paths: paths(fields.exclude) };
}

/** What the fingerprint is of: the same text for both companies. */
export function canonicalTerms(grant: Grant): string {
  const { topicId, partnerId, version, purpose, fields, types, filter, history, expiresAt, state } = grant;
  return canonicalJson({
    topicId,
    partnerId,
    version,
    purpose,
    fields,
    types,
    filter,
    history,
    expiresAt,
    state,
  });
}

/** The first eight hex digits of SHA-256, in fours: `7F3A-91C2`. */
export async function fingerprintOf(grant: Grant): Promise<string> {
  const hex = await sha256Of(canonicalTerms(grant));
  return `${hex.slice(0, 4)}-${hex.slice(4, 8)}`.toUpperCase();
}
