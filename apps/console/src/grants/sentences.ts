import { writeExact } from '@anika/core/exact-json';
import type { Text } from '../i18n/use-text.ts';
import { type Condition, maskOf, plainConditions, type Terms } from './terms.ts';

export type Names = {
  readonly reader: string;
  readonly topic: string;
  /** A moment as the page shows it. */
  readonly time: (iso: string) => string;
  /** „a, b and c“. */
  readonly list: (items: readonly string[]) => string;
};

const OPERATORS = ['eq', 'ne', 'in', 'nin', 'gt', 'gte', 'lt', 'lte', 'exists', 'prefix'] as const;
type Operator = (typeof OPERATORS)[number];

function isOperator(text: string): text is Operator {
  return OPERATORS.some((operator) => operator === text);
}

/** The terms of a grant as sentences: every one of them is in there. */
export function grantSentences(terms: Terms, text: Text, names: Names): readonly string[] {
  const { reader, topic, time, list } = names;
  const { types, history, expiresAt, purpose } = terms;
  return [
    types.length === 0
      ? text('terms.allTypes', { reader, topic })
      : text('terms.types', { reader, topic, types: list(types), count: types.length }),
    ...filterSentences(terms, text, list),
    fieldsSentence(terms, text, list),
    text(history ? 'terms.history' : 'terms.noHistory'),
    expiresAt === null ? text('terms.unlimited') : text('terms.until', { time: time(expiresAt) }),
    ...(purpose === null || purpose === '' ? [] : [text('terms.purpose', { purpose })]),
  ];
}

function filterSentences({ filter }: Terms, text: Text, list: Names['list']): string[] {
  if (filter === null || Object.keys(filter).length === 0) return [];
  const conditions = plainConditions(filter);
  if (conditions === undefined) return [text('terms.filter', { filter: writeExact(filter) })];
  return [text('terms.where', { conditions: list(conditions.map((one) => conditionText(one, text))) })];
}

function conditionText({ path, operator, value }: Condition, text: Text): string {
  return isOperator(operator)
    ? text(`operator.${operator}`, { path, value })
    : `${path} ${operator} ${value}`;
}

function fieldsSentence({ fields }: Terms, text: Text, list: Names['list']): string {
  const { kind, paths } = maskOf(fields);
  if (kind === 'all' || (kind === 'exclude' && paths.length === 0)) return text('terms.wholeMessage');
  if (paths.length === 0) return text('terms.nothingShown');
  return text(kind === 'exclude' ? 'terms.without' : 'terms.only', { paths: list(paths) });
}
