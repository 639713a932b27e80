import fc from 'fast-check';
import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import { listOf } from '../i18n/list-of.ts';
import { en } from '../messages/en.ts';
import { ru } from '../messages/ru.ts';
import { grantSentences } from './sentences.ts';
import type { Terms } from './terms.ts';

const LANGUAGES = { en: { locale: 'en-GB', messages: en }, ru: { locale: 'ru-RU', messages: ru } } as const;

function say(language: keyof typeof LANGUAGES, terms: Terms): string {
  const intl = createIntl(LANGUAGES[language]);
  const text = (id: string, values?: Record<string, string>) => intl.formatMessage({ id }, values);
  return grantSentences(terms, text as never, {
    reader: 'ЭкспоБанк',
    topic: 'Выбор машины',
    time: (iso) => iso,
    list: (items) => listOf(language, items),
  }).join(' ');
}

const word = fc.stringMatching(/^[a-z]{3,12}$/);
const path = word.map((name) => `data.${name}`);
const terms: fc.Arbitrary<Terms> = fc.record({
  purpose: fc.option(word, { nil: null }),
  fields: fc.option(
    fc.oneof(
      fc.record({ include: fc.array(path, { minLength: 1, maxLength: 4 }) }),
      fc.record({ exclude: fc.array(path, { minLength: 1, maxLength: 4 }) }),
    ),
    { nil: null },
  ),
  types: fc.array(word, { maxLength: 4 }),
  filter: fc.option(
    fc.dictionary(path, fc.record({ gte: fc.integer(), lt: fc.integer() }), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }),
    { nil: null },
  ),
  history: fc.boolean(),
  expiresAt: fc.option(fc.constant('2027-01-01T00:00:00.000Z'), { nil: null }),
});

describe.each(['en', 'ru'] as const)('grantSentences() in %s', (language) => {
  it('holds every term', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const said = say(language, given);
        const fields: readonly string[] = Object.values<unknown>(given.fields ?? {}).flat() as string[];
        const numbers = Object.values(given.filter ?? {}).flatMap((one) => Object.values(one as object));
        const expected = [
          ...given.types,
          ...fields,
          ...Object.keys(given.filter ?? {}),
          ...numbers.map(String),
          ...(given.purpose === null ? [] : [given.purpose]),
          ...(given.expiresAt === null ? [] : [given.expiresAt]),
        ];
        for (const one of expected) expect(said).toContain(one);
      }),
    );
  });

  it('tells apart whether messages from before the grant are read', () => {
    const base: Terms = {
      purpose: null,
      fields: null,
      types: [],
      filter: null,
      history: true,
      expiresAt: null,
    };
    expect(say(language, base)).not.toBe(say(language, { ...base, history: false }));
  });

  it('shows a nested filter as it is written', () => {
    const filter = { or: [{ key: 'a' }, { not: { type: 'b' } }] };
    const base: Terms = { purpose: null, fields: null, types: [], filter, history: true, expiresAt: null };
    expect(say(language, base)).toContain(JSON.stringify(filter));
  });
});
