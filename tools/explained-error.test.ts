import { expect, it } from 'vitest';
import { lastWords } from './explained-error.ts';

it('lastWords() leaves the message of a stack trace', () => {
  const output = `starting
node:internal/modules/run_main:123
    triggerUncaughtException(
    ^

Error: Cannot find module 'x'
    at finalize (node:internal:1:2)
    at load (node:internal:1:2) {
  code: 'ERR_MODULE_NOT_FOUND',
  url: 'file:///x'
}

Node.js v20.20.2
`;
  expect(lastWords(output, 1)).toBe("Error: Cannot find module 'x'");
});

it('lastWords() keeps the last lines of a plain sentence', () => {
  expect(lastWords('first\n\n  second\nthird\n', 2)).toBe('second | third');
});
