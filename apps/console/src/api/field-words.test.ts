import { createInvitation } from '@anika/contracts/invitations';
import { publishMessage } from '@anika/contracts/publish';
import { createSubscription } from '@anika/contracts/subscriptions';
import { createTopic } from '@anika/contracts/topics';
import { FIELD_RULES, type FieldRule, said } from '@anika/core/field-rules';
import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import type { Text } from '../i18n/use-text.ts';
import { ru } from '../messages/ru.ts';
import { readText } from '../testing/read-text.ts';
import { errorOf, fieldWords, issuesOf, ruleWords } from './field-words.ts';

const intl = createIntl({ locale: 'ru-RU', messages: ru });
const text: Text = (id, values) => intl.formatMessage({ id }, values);

function wordsAt(path: string, issues: ReturnType<typeof issuesOf>): string | undefined {
  const issue = issues.get(path);
  return issue && fieldWords(issue, text);
}

describe('fieldWords()', () => {
  it.each([
    ['name', { name: '' }, 'Заполните это поле'],
    ['name', {}, 'Заполните это поле'],
    ['name', { name: 'a'.repeat(1000) }, /^Не больше \d+ знаков$/],
    ['retentionDays', { name: 'a', retentionDays: 0 }, /^Не меньше \d+$/],
    ['retentionDays', { name: 'a', retentionDays: 100_000 }, /^Не больше 3\s650$/],
    ['visibility', { name: 'a', visibility: 'secret' }, 'Одно из: private, listed'],
  ])('says in Russian what is wrong with %s in %j', (path, body, words) => {
    expect(wordsAt(path, issuesOf(createTopic, body))).toEqual(
      words instanceof RegExp ? expect.stringMatching(words) : words,
    );
  });

  it('knows what a type and an own secret look like', () => {
    const publish = issuesOf(publishMessage, { type: 'car chosen', data: 1 });
    expect(wordsAt('type', publish)).toBe('От 1 до 128 знаков из A–Z a–z 0–9 _ . -');
    const subscribe = issuesOf(createSubscription, { topicId: 'top_1', secret: 'short' });
    expect(wordsAt('secret', subscribe)).toBe('«whsec_» и base64 от 24 до 64 байт');
  });

  it('knows what is no address', () => {
    const issues = issuesOf(createInvitation, { email: 'olga', role: 'viewer' });
    expect(wordsAt('email', issues)).toBe('Это не адрес электронной почты');
  });

  it('is silent on what is as it should be', () => {
    expect(issuesOf(createTopic, { name: 'Cars' }).size).toBe(0);
    expect(issuesOf({ body: undefined }, {}).size).toBe(0);
  });
});

describe('ruleWords()', () => {
  it('says in Russian what only the API knows', () => {
    const error = { path: 'deliverAt', ...said('too-far-ahead', { count: 92 }) };
    expect(error.message).toBe('must be at most 92 days ahead');
    expect(ruleWords(error, intl)).toBe('Не дальше чем через 92 дня');
  });

  it('has words for every rule, and none for one of a newer API', () => {
    expect(FIELD_RULES.length).toBeGreaterThan(50);
    expect(FIELD_RULES.filter((rule) => !(`wrong.${rule}` in ru))).toEqual([]);
    expect(ruleWords({ path: 'a', message: 'is new', rule: 'of-a-newer-one' }, intl)).toBeUndefined();
    expect(ruleWords({ path: 'a', message: 'has no name' }, intl)).toBeUndefined();
  });
});

/** The names of what a rule's English sentence is told. */
function valuesOf(rule: FieldRule): readonly string[] {
  const asked = new Set<string>();
  const values = new Proxy({}, { get: (_, name) => void asked.add(String(name)) });
  // Each rule has values of its own; this has all of them.
  (said as (rule: FieldRule, values: object) => unknown)(rule, values);
  return [...asked].sort();
}

it.each(FIELD_RULES)('the words of %s take no value but those of the rule', (rule) => {
  const words: Readonly<Record<string, string>> = ru;
  expect(readText(words[`wrong.${rule}`] ?? '').names).toEqual(valuesOf(rule));
});

it('errorOf() gathers what is wrong within a field, with its place where that says something', () => {
  const errors = new Map([
    ['filter.data.sum.foo', 'no operator'],
    ['filter.or', 'no list'],
    ['fields.exclude.0', 'no path'],
    ['eventTypes.1', 'no type'],
    ['url', 'no address'],
  ]);
  expect(errorOf('filter', errors)).toBe('data.sum.foo: no operator; or: no list');
  expect(errorOf('fields', errors)).toBe('no path');
  expect(errorOf('eventTypes', errors)).toBe('no type');
  expect(errorOf('url', errors)).toBe('no address');
  expect(errorOf('u', errors)).toBeUndefined();
});
