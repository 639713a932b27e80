import { describe, expect, it } from 'vitest';
import { NotHeld } from './check.ts';
import { createPrinter, formatElapsed, wantsColour } from './print.ts';
import { summaryTable } from './summary.ts';

function record(colour: boolean) {
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  return { written, printer: createPrinter({ write, colour, elapsedMs: () => 1234.5 }) };
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

  it('writes no escape codes without colour', () => {
    const { written, printer } = record(false);
    printer.scene(1, 'Начало');
    printer.does('Банк', 'входит', 'POST /v1/auth/login');
    printer.holds('вошёл');
    printer.fails('вышел', { expected: '204', came: '500' });
    expect(written.join('')).not.toContain('\u001b');
    expect(written).toContain('   1.234  ✓ вошёл\n');
  });

  it('says what was expected and what came', () => {
    const { written, printer } = record(true);
    const error = new NotHeld('ответ принят', { expected: 202, came: { status: 500 } });
    printer.fails(error.message, error);
    expect(written.join('')).toMatch(
      /ответ принят[\s\S]*ожидалось: 202\n[\s\S]*получено: {2}{ status: 500 }/,
    );
  });
});

it('NotHeld shortens what is long', () => {
  expect(new NotHeld('x', { expected: '', came: 'я'.repeat(10_000) }).came.length).toBeLessThan(500);
});

it('summaryTable() has a row a scene, in columns', () => {
  const rows = summaryTable(
    [
      { title: 'Первая сцена', held: true, ms: 12.3 },
      { title: 'Вторая', held: false, ms: 4567 },
    ],
    (_style, text) => text,
  );
  expect(rows.slice(1)).toEqual(['  1  Первая сцена  да        12 мс', '  2  Вторая        НЕТ     4567 мс']);
});
