import type { Problem } from '@anika/contracts/common';
import type { RouteContract } from '@anika/contracts/route';
import { SECRET_PATTERN } from '@anika/contracts/subscriptions';
import { MESSAGE_TYPE_PATTERN } from '@anika/core/message';
import type { IntlShape } from 'react-intl';
import type { z } from 'zod';
import { type Text, textFor } from '../i18n/use-text.ts';

type Issue = z.core.$ZodIssue;
type Formatted = Pick<z.core.$ZodIssueInvalidStringFormat, 'format' | 'pattern'>;

/**
 * What of a body breaks the contract, by its path: found here by the rules that the API judges by, which says it in
 * English. Empty where only the API knows what is wrong.
 */
export function issuesOf(
  { body: schema }: Pick<RouteContract, 'body'>,
  body: unknown,
): ReadonlyMap<string, Issue> {
  const parsed = schema?.safeParse(body, { reportInput: true });
  const issues = parsed?.error?.issues ?? [];
  return new Map(issues.map((issue) => [issue.path.map(String).join('.'), issue]));
}

export type FieldError = NonNullable<Problem['errors']>[number];

/** By its rule, in the language of the page; undefined for what has none, and for those of a newer API. */
export function ruleWords(
  { rule, values }: Pick<FieldError, 'rule' | 'values'>,
  intl: IntlShape,
): string | undefined {
  return rule === undefined ? undefined : textFor(intl, `wrong.${rule}`, values);
}

/** Of a field's own place within it there is nothing to say, nor of the number of a line. */
const NO_PLACE = /^(?:include|exclude)?\.?\d*$/;

/** What is wrong with a field, and with parts of what stands in it, such as `data.sum` of a filter. */
export function errorOf(name: string, errors: ReadonlyMap<string, string>): string | undefined {
  const found = [...errors].flatMap(([path, words]) => {
    if (path === name) return [words];
    if (!path.startsWith(`${name}.`)) return [];
    const place = path.slice(name.length + 1);
    return [NO_PLACE.test(place) ? words : `${place}: ${words}`];
  });
  return found.length === 0 ? undefined : found.join('; ');
}

/** In the language of the page; undefined for what is seldom, which stays in the words of the API. */
export function fieldWords(issue: Issue, text: Text): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? text('field.required') : undefined;
    case 'too_small':
      return smallWords(issue.origin, Number(issue.minimum), text);
    case 'too_big':
      return bigWords(issue.origin, Number(issue.maximum), text);
    case 'invalid_format':
      return formatWords(issue, text);
    case 'invalid_value':
      return text('field.oneOf', { values: issue.values.map(String).join(', ') });
    default:
      return undefined;
  }
}

function smallWords(origin: string, count: number, text: Text): string | undefined {
  if (origin === 'string') return count === 1 ? text('field.required') : text('field.minLength', { count });
  if (origin === 'array') return text('field.minItems', { count });
  return isNumber(origin) ? text('field.min', { count }) : undefined;
}

function bigWords(origin: string, count: number, text: Text): string | undefined {
  if (origin === 'string') return text('field.maxLength', { count });
  if (origin === 'array') return text('field.maxItems', { count });
  return isNumber(origin) ? text('field.max', { count }) : undefined;
}

function isNumber(origin: string): boolean {
  return origin === 'number' || origin === 'int' || origin === 'bigint';
}

function formatWords({ format, pattern }: Formatted, text: Text): string | undefined {
  if (pattern === String(MESSAGE_TYPE_PATTERN)) return text('wrong.message-type');
  if (pattern === String(SECRET_PATTERN)) return text('wrong.secret-form');
  if (format === 'email') return text('field.email');
  if (format === 'url') return text('field.url');
  return format === 'datetime' ? text('field.time') : undefined;
}
