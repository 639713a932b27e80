import { describe, expect, it } from 'vitest';
import { asIs, type Language } from '../language.ts';
import { NotHeld, shown } from './check.ts';
import { createPrinter, formatElapsed, wantsColour } from './print.ts';
import { curlCommands, summaryTable } from './summary.ts';

const FIRST = { ru: 'Первая сцена', en: 'The first scene' };
const SECOND = { ru: 'Вторая', en: 'The second' };

function record({ colour, language }: { colour: boolean; language: Language }) {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  return { written, printer: createPrinter({ write, language, colour, elapsedMs: () => 1234.5 }) };
}

describe('wantsColour()', () => {
  it('is for terminals only, and not against NO_COLOR', () => {
    expect(wantsColour({ isTTY: true }, {})).toBe(true);
    expect(wantsColour({}, {})).toBe(false);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  });
});

describe('createPrinter()', () => {
  it('puts every text in the same column, whatever the time', () => {
    expect([0, 999, 65_432.1].map(formatElapsed)).toEqual(['   0.000', '   0.999', '  65.432']);
  });

  it.each(['ru', 'en'] as const)('writes only %s, and no escape codes without colour', (language) => {
    const { written, printer } = record({ colour: false, language });
    printer.scene(1, FIRST);
    printer.does({ ru: 'Банк', en: 'Bank' }, { ru: 'входит', en: 'logs in' }, 'POST /v1/auth/login');
    printer.holds({ ru: 'вошёл', en: 'is in' });
    printer.note({ ru: 'ждёт', en: 'waits' });
    printer.fails({ claim: { ru: 'вышел', en: 'is out' }, expected: asIs('204'), came: asIs('500') });
    const text = written.join('');
    expect(text).not.toContain('\u001b');
    expect(text).not.toMatch(language === 'ru' ? /logs in|is in|waits|expected/ : /[а-я]/i);
    expect(written).toContain(`   1.234  ✓ ${{ ru: 'вошёл', en: 'is in' }[language]}\n`);
  });

  it('says what was expected and what came, in one column', () => {
    const { written, printer } = record({ colour: true, language: 'en' });
    const claim = { ru: 'ответ принят', en: 'the answer is taken' };
    printer.fails(new NotHeld(claim, { expected: shown(202), came: shown({ status: 500 }) }));
    expect(written.join('')).toMatch(/the answer is taken[\s\S]*expected: 202\n *came: {5}{ status: 500 }\n/);
  });
});

it('shown() is one line, and shortens what is long', () => {
  expect(shown({ a: { b: [1, 2] }, c: 'x'.repeat(120) }).en).not.toContain('\n');
  expect(shown('я'.repeat(10_000)).ru.length).toBeLessThan(500);
});

describe('summaryTable()', () => {
  const results = [
    { title: FIRST, held: true, ms: 12.3 },
    { title: SECOND, held: false, ms: 4567 },
  ];
  const paint = (_style: string, text: string) => text;

  it('has a row a scene, in columns', () => {
    expect(summaryTable(results, { language: 'ru', paint })).toEqual([
      '  №  Сцена         Верно      Время',
      '  1  Первая сцена  да        12 мс',
      '  2  Вторая        НЕТ     4567 мс',
    ]);
    expect(summaryTable(results, { language: 'en', paint })).toEqual([
      '  №  Scene            Held        Time',
      '  1  The first scene  yes       12 ms',
      '  2  The second       NO      4567 ms',
    ]);
  });
});

it('curlCommands() name things in the language', () => {
  const address = { api: 'http://127.0.0.1:8080', file: './stack.json' };
  expect(curlCommands(address, 'en').join('')).not.toMatch(/[а-яё]/i);
  expect(curlCommands(address, 'ru').join('')).toContain('Тест-драйвы');
});
