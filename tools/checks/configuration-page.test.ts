import { ALL_SETTINGS } from '@anika/broker/setting-names';
import { flag, wholeNumber } from '@anika/runtime/config';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configurationPage, knownVariables, rowsOf } from './configuration-page.ts';

const row = (name: string, field: z.ZodType) => rowsOf(z.object({ [name]: field }))[0];

describe('rowsOf()', () => {
  it.each([
    ['A_RATE_READ', wholeNumber({ min: 1, max: 9 }).default(3).describe('calls'), '1 – 9 a second', '`3`'],
    ['A_SECONDS', wholeNumber({ min: 1, max: 9 }).default(3).describe('time'), '1 – 9 seconds', '`3`'],
    ['A_MAX_BYTES', wholeNumber({ min: 1, max: 9 }).default(3).describe('size'), '1 – 9 bytes', '`3`'],
    ['A_COUNT', wholeNumber({ min: 1, max: 9 }).describe('how many'), '1 – 9', '**required**'],
    ['A_FLAG', flag().default(false).describe('whether'), '`true` or `false`', '`false`'],
    ['A_LEVEL', z.enum(['low', 'high']).default('low').describe('how loud'), '`low`, `high`', '`low`'],
    ['A_LEVEL', z.enum(['low', 'high']).default('low').describe('one of low, high'), 'word', '`low`'],
    ['A_URL', z.url().optional().describe('where'), 'URL', 'not set'],
    ['A_EMAIL', z.email().optional().describe('who'), 'email', 'not set'],
    [
      'A_PREFIX',
      z
        .string()
        .regex(/^[a-z]+$/)
        .default('x')
        .describe('name'),
      'text matching `^[a-z]+$`',
      '`x`',
    ],
    ['A_TOKEN', z.string().min(16).optional().describe('token'), 'at least 16 characters', 'not set'],
    ['A_TEXT', z.string().min(1).describe('text'), 'text', '**required**'],
  ])('tells form and default of %s', (name, field, form, defaultValue) => {
    expect(row(name, field)?.slice(0, 3)).toEqual([`\`${name}\``, form, defaultValue]);
  });

  it('marks a secret', () => {
    expect(row('A_KEY', z.string().describe('the key').meta({ secret: true }))?.[3]).toBe(
      'The key. **Secret.**',
    );
  });

  it('leaves out what is described elsewhere', () => {
    const schema = z.object({ A: z.string(), B: z.string() });
    expect(rowsOf(schema, { A: true }).map(([name]) => name)).toEqual(['`B`']);
  });
});

describe('configurationPage()', () => {
  it('describes every variable that is known, in full', () => {
    const text = configurationPage({ fromEnv: [], fixed: [] });
    for (const name of knownVariables()) {
      expect(text).toMatch(new RegExp(`^\\| \`${name}\` \\| [^|]+ \\| [^|]+ \\| [^|.]{3}.*\\. ?.*\\|$`, 'm'));
    }
  });
});

it('both programs know the name of every setting there is', () => {
  const ours = [...knownVariables()].filter((name) => name.startsWith('ANIKA_'));
  expect(ours.filter((name) => !ALL_SETTINGS.includes(name))).toEqual([]);
});
