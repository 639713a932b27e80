import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY } from './home.ts';
import { counted, day, languageOf, milliseconds, seconds } from './language.ts';

const LOCALES: readonly [env: Record<string, string>, expected: string][] = [
  [{}, 'en'],
  [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
  [{ LANG: 'ru' }, 'ru'],
  [{ LANG: 'ru@petr1708' }, 'ru'],
  [{ LANG: 'rup_MK' }, 'en'], // Aromanian
  [{ LANG: 'en_US.UTF-8' }, 'en'],
  [{ LANG: 'uk_UA.UTF-8' }, 'en'],
  [{ LANG: 'C.UTF-8' }, 'en'],
  [{ LANG: 'ru_RU.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'ru_RU.UTF-8', LC_MESSAGES: 'en_GB.UTF-8', LC_ALL: 'ru_RU.UTF-8' }, 'ru'],
  [{ LANG: 'en_US.UTF-8', LC_MESSAGES: '', LC_ALL: 'ru_RU.UTF-8' }, 'ru'],
  [{ LANG: 'ru_RU.UTF-8', LC_ALL: '' }, 'ru'],
  [{ LANG: 'ru_RU.UTF-8', LC_ALL: 'C' }, 'en'],
];

describe('languageOf()', () => {
  it.each(LOCALES)('%j is %s', (env, expected) => {
    expect(languageOf(env)).toBe(expected);
  });
});

describe('the script anika', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anika-language-'));
    // Too old a Node, so that the script says so and ends.
    await writeFile(join(folder, 'node'), '#!/bin/sh\nexit 1\n');
    await chmod(join(folder, 'node'), 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  function languageOfScript(env: Record<string, string>, ...args: string[]): string {
    const path = `${folder}${delimiter}${process.env.PATH}`;
    const { status, stderr } = spawnSync('sh', [join(REPOSITORY, 'anika'), 'demo', ...args], {
      env: { ...env, PATH: path },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('Node.js 20.19')]);
    return /[а-я]/.test(stderr) ? 'ru' : 'en';
  }

  it.each(LOCALES)('finds the same language as languageOf() for %j', (env, expected) => {
    expect(languageOfScript(env)).toBe(expected);
  });

  it.each([
    ['ru', ['--lang', 'ru']],
    ['ru', ['--lang=ru', '--keep']],
    ['en', ['--keep', '--lang', 'en']],
    ['en', ['--lang=en']],
  ])('speaks %s when given %j, whatever the locale', (expected, args) => {
    for (const LANG of ['ru_RU.UTF-8', 'en_US.UTF-8']) {
      expect(languageOfScript({ LANG }, ...args)).toBe(expected);
    }
  });
});

describe('counted()', () => {
  const messages = { ru: ['сообщение', 'сообщения', 'сообщений'], en: ['message', 'messages'] } as const;

  it.each([
    [0, '0 сообщений', '0 messages'],
    [1, '1 сообщение', '1 message'],
    [2, '2 сообщения', '2 messages'],
    [4, '4 сообщения', '4 messages'],
    [5, '5 сообщений', '5 messages'],
    [11, '11 сообщений', '11 messages'],
    [12, '12 сообщений', '12 messages'],
    [21, '21 сообщение', '21 messages'],
    [22, '22 сообщения', '22 messages'],
    [111, '111 сообщений', '111 messages'],
  ])('gives %i its noun', (n, ru, en) => {
    expect(counted(n, messages)).toEqual({ ru, en });
  });
});

it('figures and dates are written as each language writes them', () => {
  expect(milliseconds(38.64)).toEqual({ ru: '38,6 мс', en: '38.6 ms' });
  expect(seconds(2_100)).toEqual({ ru: '2,1 с', en: '2.1 s' });
  expect(day('2027-02-05T23:59:59Z')).toEqual({ ru: '05.02.2027', en: '5 February 2027' });
});
