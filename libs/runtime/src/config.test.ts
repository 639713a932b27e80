import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, describeConfig, flag, parseConfig, wholeNumber } from './config.ts';

const schema = z.object({
  URL: z.string().min(1).describe('Where the store is').meta({ secret: true }),
  SIZE: wholeNumber({ min: 1, max: 10 }).default(3).describe('How much'),
  ON: flag().default(true),
  NAME: z.string().optional(),
});

function errorOf(environment: NodeJS.ProcessEnv): string {
  try {
    parseConfig(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

describe('parseConfig()', () => {
  it('reads what is set and takes defaults for the rest, other variables aside', () => {
    expect(parseConfig(schema, { URL: 'x', SIZE: '7', OTHER: 'y' })).toEqual({ URL: 'x', SIZE: 7, ON: true });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseConfig(schema, { URL: 'x', SIZE: '', NAME: '' })).toEqual({ URL: 'x', SIZE: 3, ON: true });
    expect(errorOf({ URL: '' })).toContain('URL is not set');
  });

  it('names everything that is wrong at once', () => {
    const message = errorOf({ SIZE: '11', ON: 'yes' });
    expect(message).toContain('URL is not set');
    expect(message).toMatch(/SIZE: .*10/);
    expect(message).toContain('ON: ');
  });

  it.each(['0', '1.5', 'many', '-1'])('refuses %s as a whole number from 1 to 10', (text) => {
    expect(errorOf({ URL: 'x', SIZE: text })).toContain('SIZE: ');
  });

  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('reads the flag %s as %s', (text, value) => {
    expect(parseConfig(schema, { URL: 'x', ON: text }).ON).toBe(value);
  });
});

describe('describeConfig()', () => {
  it('tells name, meaning, default and secrecy of each setting', () => {
    expect(describeConfig(schema)).toEqual([
      {
        name: 'URL',
        description: 'Where the store is',
        required: true,
        secret: true,
        defaultValue: undefined,
      },
      { name: 'SIZE', description: 'How much', required: false, secret: false, defaultValue: '3' },
      { name: 'ON', description: '', required: false, secret: false, defaultValue: 'true' },
      { name: 'NAME', description: '', required: false, secret: false, defaultValue: undefined },
    ]);
  });
});
