import type { RouteContract } from '@anika/contracts/route';
import type { z } from 'zod';
import type { Text } from '../i18n/use-text.ts';

type Issue = z.core.$ZodIssue;

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
      return formatWords(issue.format, text);
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

function formatWords(format: string, text: Text): string | undefined {
  if (format === 'email') return text('field.email');
  if (format === 'url') return text('field.url');
  return format === 'datetime' ? text('field.time') : undefined;
}
