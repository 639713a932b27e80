import { invalid, invalidIn } from '@anika/core/failures';
import { arraysIn, type FieldMask, MASK_MAX_ARRAYS, parseFieldMask } from '@anika/core/field-mask';
import { said } from '@anika/core/field-rules';
import { type Filter, parseFilterText } from '@anika/core/filter';
import { memberText } from '@anika/core/json-text';

/** The terms of a grant as the contract lets them in; what is left out takes its default. */
export type GrantTermsBody = {
  readonly expiresAt?: string | null | undefined;
  readonly purpose?: string | null | undefined;
  readonly fields?: unknown;
  readonly types?: readonly string[] | undefined;
  readonly history?: boolean | undefined;
};

export type GrantTerms = {
  readonly expiresAtMs: number | undefined;
  readonly purpose: string | undefined;
  readonly fields: FieldMask | undefined;
  readonly types: readonly string[];
  readonly filter: Filter | undefined;
  readonly history: boolean;
};

/** Parses in depth what the contract's schema cannot: field paths and the filter, whose digits are in the source. */
export function parseGrantTerms(bodyText: string, body: GrantTermsBody = {}): GrantTerms {
  return {
    expiresAtMs: body.expiresAt == null ? undefined : Date.parse(body.expiresAt),
    purpose: body.purpose ?? undefined,
    fields: maskOf(body.fields),
    types: [...new Set(body.types ?? [])],
    filter: filterOf(memberText(bodyText, 'filter'), 'filter'),
    history: body.history ?? true,
  };
}

function maskOf(value: unknown): FieldMask | undefined {
  if (value === undefined || value === null) return undefined;
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw invalidIn('fields', parsed.errors);
  if ('exclude' in parsed.mask && arraysIn(parsed.mask) > MASK_MAX_ARRAYS) {
    throw invalid('fields.exclude', said('mask-arrays', { count: MASK_MAX_ARRAYS }));
  }
  return parsed.mask;
}

/** A filter from outside, as JSON text that was parsed before; `at` is where it stands in the request. */
export function filterOf(text: string | undefined, at: string): Filter | undefined {
  if (text === undefined || text === 'null') return undefined;
  const parsed = parseFilterText(text);
  if (!parsed.ok) throw invalidIn(at, parsed.errors);
  return parsed.filter;
}
