import { said } from '@anika/core/field-rules';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { addSaid, ruled, saidIn } from './common.ts';

const rule = said('too-far-ahead', { count: 30 });

it.each([
  ['ruled() gave it', z.string().refine(() => false, ruled(rule)), rule],
  ['addSaid() added it', z.string().superRefine((_, context) => addSaid(context, rule)), rule],
  ['its words have no rule', z.string().refine(() => false, 'is odd'), undefined],
  [
    'something else stands there',
    z.string().refine(() => false, { params: { said: { rule: 'odd', message: 'is odd' } } }),
    undefined,
  ],
  ['the schema itself refuses it', z.string().min(5), undefined],
])('saidIn() finds the rule where there is one: %s', (_title, schema, expected) => {
  expect(schema.safeParse('text').error?.issues.map(saidIn)).toEqual([expected]);
});
