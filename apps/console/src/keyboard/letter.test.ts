import { expect, it } from 'vitest';
import { letterOf } from './letter.ts';

it.each([
  ['j', 'KeyJ', 'j'],
  ['J', 'KeyJ', 'j'],
  ['о', 'KeyJ', 'j'],
  ['О', 'KeyJ', 'j'],
  ['л', 'KeyK', 'k'],
  ['х', 'BracketLeft', '['],
  ['ъ', 'BracketRight', ']'],
  ['.', 'Slash', '/'],
  [',', 'Slash', '?'],
  ['?', 'Digit7', '?'],
  ['.', 'Period', '.'],
  ['/', 'Slash', '/'],
  // Where the letters lie elsewhere, what is written counts.
  ['j', 'KeyC', 'j'],
  ['Enter', 'Enter', 'Enter'],
  ['é', 'Digit2', 'é'],
])('letterOf() takes %s at %s for %s', (key, code, letter) => {
  expect(letterOf({ key, code })).toBe(letter);
});
