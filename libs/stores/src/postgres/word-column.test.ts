import { expect, it } from 'vitest';
import { wordColumn } from './word-column.ts';

const readState = wordColumn('erasures.state', ['running', 'done']);

it('a column of words reads each of its words', () => {
  expect([readState('running'), readState('done')]).toEqual(['running', 'done']);
});

it.each(['gone', '', 'Running', ' done', 'constructor'])('it says what is there instead: "%s"', (text) => {
  expect(() => readState(text)).toThrow(`erasures.state holds "${text}", which is none of: running, done`);
});
