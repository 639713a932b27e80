import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asIs, LANGUAGES, type Text, type Texts } from '../language.ts';
import { MARIA_IN_WORDS } from './choices.ts';
import { CHECKS, FRAME, SUMMARY, TITLES, WHO } from './texts.ts';

const SCENES = join(import.meta.dirname, 'scenes');

async function catalogues(): Promise<[name: string, texts: Texts][]> {
  const files = readdirSync(SCENES).filter((name) => name.endsWith('.texts.ts'));
  const ofScenes = await Promise.all(
    files.map(async (file): Promise<[string, Texts]> => [file, (await import(join(SCENES, file))).TEXTS]),
  );
  return [...Object.entries({ CHECKS, FRAME, SUMMARY, TITLES, WHO, DATA: { MARIA_IN_WORDS } }), ...ofScenes];
}

/** A value that may be put where a text wants a number, a string or another text. */
const joker = (n: number): object => Object.assign(Object(n), asIs(String(n)));

/** What an entry says for some values, each of them another number. */
function said(entry: Texts[string], first: number): Text {
  if (typeof entry !== 'function') return entry;
  return Reflect.apply(
    entry,
    undefined,
    Array.from({ length: entry.length }, (_, n) => joker(first + n * 1_000)),
  );
}

/** Data, the same in each language. */
const NAMES = /АвтоЭкспресс|ЭкспоБанк|СтрахКонсалт|Выбор машины/g;

const figures = (text: string) =>
  (text.match(/\d+(?:[.,]\d+)?/g) ?? []).map((n) => n.replace(',', '.')).sort();

describe.each(await catalogues())('%s', (_name, texts) => {
  const entries = Object.entries(texts);

  it.each(entries)('%s says the same in each language', (_key, entry) => {
    for (const first of [1, 2, 5, 21]) {
      const text = said(entry, first);
      expect(Object.keys(text).sort()).toEqual([...LANGUAGES].sort());
      for (const each of Object.values(text)) {
        expect(each.trim()).not.toBe('');
        expect(each).not.toMatch(/undefined|NaN|\[object/);
      }
      expect(figures(text.ru)).toEqual(figures(text.en));
    }
  });

  it.each(entries)('%s is in Russian and in English', (_key, entry) => {
    const { ru, en } = said(entry, 5);
    expect(ru).toMatch(/[а-яё]/i);
    expect(en.replace(NAMES, '')).not.toMatch(/[а-яё]/i);
  });

  it.each(entries)('%s tells all it is given', (_key, entry) => {
    const told = new Set(figures(said(entry, 1_000).en).map(Number));
    const count = typeof entry === 'function' ? entry.length : 0;
    for (let n = 1; n <= count; n += 1) {
      const inSeconds = n; // what is given in milliseconds may be told in seconds
      expect([n * 1_000, inSeconds].some((figure) => told.has(figure))).toBe(true);
    }
  });
});
