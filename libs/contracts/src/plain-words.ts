import type { z } from 'zod';

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];
type Issue<Code extends RawIssue['code']> = Extract<RawIssue, { code: Code }>;

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  tuple: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an email address',
  url: 'must be a URL',
  datetime:
    'must be an ISO 8601 time with its zone, such as 2026-11-23T10:00:00Z or …T13:00:00+03:00; in a query the + is written %2B',
  date: 'must be an ISO 8601 date, such as 2026-11-23',
};

/** What is counted of each kind, one and many. */
const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['member', 'members'],
  object: ['member', 'members'],
};

/** Says in the words of docs/errors.md what is wrong with a field, whatever kind of check has found it. */
export function plainWords(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
    case 'too_big':
      return sizeWords(issue);
    case 'invalid_format':
      return FORMATS[issue.format] ?? `must be written as ${issue.format}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'invalid_union':
      return unionWords(issue);
    case 'unrecognized_keys':
      return 'is not a known field';
    case 'invalid_key':
      return 'has a name that is not allowed';
    default:
      return 'does not have the expected form';
  }
}

function sizeWords(issue: Issue<'too_small'> | Issue<'too_big'>): string {
  const isMin = issue.code === 'too_small';
  const bound = isMin ? issue.minimum : issue.maximum;
  const [one, many] = UNITS[issue.origin] ?? [];
  const unit = bound === 1 || bound === 1n ? one : many;
  const inclusive = issue.inclusive !== false;
  const words = inclusive ? `at ${isMin ? 'least' : 'most'}` : isMin ? 'more than' : 'less than';
  return unit === undefined ? `must be ${words} ${bound}` : `must have ${words} ${bound} ${unit}`;
}

function oneOf(texts: readonly string[]): string {
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} or ${last}`;
}

/** What each form would have needed at its first wrong place, those that need the same once. */
function unionWords({ errors }: Issue<'invalid_union'>): string {
  const needs = errors.flatMap(([first]) => (first === undefined ? [] : [needOf(first)]));
  return needs.length === 0 ? 'does not have one of its forms' : oneOf([...new Set(needs)]);
}

function needOf(issue: z.core.$ZodIssue): string {
  const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  return path.length === 0 ? issue.message : `its ${path.join('.')} ${issue.message}`;
}
