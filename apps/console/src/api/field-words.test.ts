import { createInvitation } from '@anika/contracts/invitations';
import { createTopic } from '@anika/contracts/topics';
import { createIntl } from 'react-intl';
import { describe, expect, it } from 'vitest';
import type { Text } from '../i18n/use-text.ts';
import { ru } from '../messages/ru.ts';
import { fieldWords, issuesOf } from './field-words.ts';

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

  it('knows what is no address', () => {
    const issues = issuesOf(createInvitation, { email: 'olga', role: 'viewer' });
    expect(wordsAt('email', issues)).toBe('Это не адрес электронной почты');
  });

  it('is silent on what is as it should be', () => {
    expect(issuesOf(createTopic, { name: 'Cars' }).size).toBe(0);
    expect(issuesOf({ body: undefined }, {}).size).toBe(0);
  });
});
