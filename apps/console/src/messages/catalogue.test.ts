import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '@anika/core/delivery/reasons';
import { FAILURES } from '@anika/core/failures';
import { REPLAY_REASONS } from '@anika/core/replay/replay';
import { describe, expect, it } from 'vitest';
import { readText } from '../testing/read-text.ts';
import { en } from './en.ts';
import { ru } from './ru.ts';

const english: Readonly<Record<string, string>> = en;
const russian: Readonly<Record<string, string>> = ru;

describe('the catalogues', () => {
  it('have the same texts', () => {
    expect(Object.keys(russian).sort()).toEqual(Object.keys(english).sort());
  });

  it.each(Object.keys(english))('%s takes the same values in both languages', (id) => {
    expect(readText(russian[id] ?? '').names).toEqual(readText(english[id] ?? '').names);
  });

  it('have a form for every class of plurals', () => {
    const lacking = (texts: Readonly<Record<string, string>>, classes: readonly string[]) =>
      Object.entries(texts).filter(([, text]) =>
        readText(text).plurals.some((plural) => classes.some((one) => !plural.includes(one))),
      );
    expect(lacking(russian, ['one', 'few', 'many', 'other'])).toEqual([]);
    expect(lacking(english, ['other'])).toEqual([]);
  });

  it('know why each replay waits, or has ended before its time', () => {
    const reasons = Object.entries(REPLAY_REASONS).flatMap(([state, of]) =>
      of.map((reason) => `replay.reason.${state}.${reason}`),
    );
    expect(reasons.filter((id) => !(id in english))).toEqual([]);
  });

  it('know every code of the API and every reason of a delivery', () => {
    const codes = Object.keys(FAILURES).map((code) => `error.${code}`);
    const reasons = Object.values(REASONS).flatMap((of) => of.map((reason) => `delivery.reason.${reason}`));
    expect([...codes, ...reasons].filter((id) => !(id in english))).toEqual([]);
  });
});

const SOURCES = join(import.meta.dirname, '..');

function sources(folder: string, end = '.tsx'): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path, end);
    return entry.name.endsWith(end) ? [path] : [];
  });
}

it('the catalogues know whatever is written into the audit log', () => {
  const written = sources(join(SOURCES, '../../../libs/stores/src/postgres'), '.ts')
    .filter((path) => !path.includes('.test.'))
    .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/action: '([a-z-]+\.[a-z-]+)'/g)])
    .map(([, action]) => `audit.action.${action}`);
  expect(written.length).toBeGreaterThan(30);
  expect(written.filter((id) => !(id in english))).toEqual([]);
});

describe('the pages', () => {
  const pages = sources(SOURCES).filter((path) => !path.includes('.test.'));
  it.each(pages.map((path) => [path.slice(SOURCES.length + 1), path]))(
    '%s has no words of its own',
    (_, path) => {
      const text = readFileSync(path, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const between = [...text.matchAll(/>\s*([^<>{}=;()]*[A-Za-zА-Яа-я]{3,}[^<>{}=;()]*)<\//g)].map(
        ([, words]) => words?.trim(),
      );
      const allowed = new Set([
        'ANIKA',
        'Ctrl K',
        '/docs',
        '/openapi.json',
        '/.well-known/anika-webhook-keys.json',
      ]);
      expect(between.filter((words) => !allowed.has(words ?? ''))).toEqual([]);
      expect(
        [...text.matchAll(/(?:label|title|placeholder|aria-label)="([^"]*[а-яa-z]{3,}[^"]*)"/gi)]
          .map(([, words]) => words)
          .filter((words) => !/^(?:car\.selected|https:|grant\.given)/.test(words ?? '')),
      ).toEqual([]);
    },
  );
});
