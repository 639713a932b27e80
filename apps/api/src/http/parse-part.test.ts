import { pageQuery } from '@anika/contracts/common';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parsePart } from './parse-part.ts';

it.each([
  ['query', pageQuery, { limit: ['1', '2'] }, 'limit must be given once'],
  ['query', z.object({ state: z.enum(['dead']) }), { state: ['dead', 'dead'] }, 'state must be given once'],
  ['query', pageQuery, { limit: 'x' }, 'limit must be a number'],
  ['body', z.object({ limit: z.number() }), { limit: [1, 2] }, 'limit must be a number'],
] as const)('parsePart() says of a %s what is wrong with it: %#', (part, schema, value, words) => {
  expect(() => parsePart(schema, value, part)).toThrow(
    `The ${part} does not have the expected form: ${words}`,
  );
});
