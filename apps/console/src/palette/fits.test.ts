import { describe, expect, it } from 'vitest';
import { fit, fitting, otherKeyboard } from './fits.ts';

describe('otherKeyboard()', () => {
  it.each([
    ['ещзшсы', 'topics'],
    ['njgbrb', 'топики'],
    ['Msg 1', 'Mып 1'],
  ])('reads %s as %s', (text, meant) => {
    expect(otherKeyboard(text)).toBe(meant);
  });
});

describe('fitting()', () => {
  const named = ['Недоставленное', 'Доставки', 'Выбор машины', 'Счётчики'].map((name) => ({ name }));
  const names = (entered: string) => fitting(entered, named).map(({ name }) => name);

  it('has beginnings before middles', () => {
    expect(names('достав')).toEqual(['Доставки', 'Недоставленное']);
    expect(names('маш')).toEqual(['Выбор машины']);
  });

  it('understands the wrong keyboard, and е for ё', () => {
    expect(names('ljcnfd')).toEqual(['Доставки', 'Недоставленное']);
    expect(names('счет')).toEqual(['Счётчики']);
  });

  it('finds everything for nothing, and nothing for what is not there', () => {
    expect(names('')).toHaveLength(4);
    expect(fit('xyz', 'Доставки')).toBeUndefined();
  });
});
