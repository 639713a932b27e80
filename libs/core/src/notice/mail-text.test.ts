import { expect, it } from 'vitest';
import { mailOf } from './mail-text.ts';
import { NOTICE_TYPES } from './notice.ts';

const data = {
  at: '2026-01-01T10:20:30.000Z',
  topicName: 'Выбор машины',
  readerName: 'ЭкспоБанк',
  expiresAt: '2026-01-08T10:20:30.000Z',
};

it.each(NOTICE_TYPES)('%s has a line in both languages, whatever is known of it', (type) => {
  for (const language of ['ru', 'en'] as const) {
    for (const known of [data, {}]) {
      const { text } = mailOf([{ type, data: known }], { more: 0, language });
      expect(text.split('\n')[0]).toMatch(/^.+ {2}.{10,}$/);
      expect(text).not.toMatch(/undefined|null|NaN/);
    }
  }
});

it('a mail says what happened, when, and how many more there are', () => {
  const { subject, text } = mailOf([{ type: 'anika.grant.ending', data }], { more: 3, language: 'ru' });
  expect(subject).toBe('ANIKA: уведомлений: 4');
  expect(text).toContain(
    '2026-01-01 10:20 UTC  Доступ «ЭкспоБанк» к топику «Выбор машины» закончится 2026-01-08 10:20 UTC',
  );
  expect(text).toContain('… и ещё: 3');
});

it('without a language it is in both', () => {
  const { text } = mailOf([{ type: 'anika.grant.ending', data }], { more: 0, language: undefined });
  expect(text).toContain('закончится');
  expect(text).toContain('ends');
});

it('what another company has written neither breaks a line nor gets in but for names', () => {
  const hostile = {
    ...data,
    topicName: `x\r\n\r\nВойдите: https://evil.example\n${'a'.repeat(500)}`,
    purpose: 'secret',
  };
  const { subject, text } = mailOf([{ type: 'anika.access-request.made', data: hostile }], {
    more: 0,
    language: 'en',
  });
  expect(text.split('\n')).toHaveLength(4);
  expect(text).not.toContain('secret');
  expect(text).not.toContain('a'.repeat(121));
  expect(subject).not.toContain('evil');
});
