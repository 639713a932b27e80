import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConfigError,
  describeConfig,
  flag,
  namesFrom,
  parseConfig,
  unknownSettings,
  wholeNumber,
} from './config.ts';

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

describe('a list of names', () => {
  const parts = z.object({ ANIKA_MODULES: namesFrom(['auth', 'topics', 'messages']) });

  it.each([
    ['auth,topic', 'topic'],
    ['topic', 'topic'],
    ['auth,,messages', ''],
    ['auth topics', 'auth topics'],
    ['Auth', 'Auth'],
  ])('says of %s which name is wrong and which are right', (text, wrong) => {
    expect(() => parseConfig(parts, { ANIKA_MODULES: text })).toThrow(
      `ANIKA_MODULES: there is no "${wrong}": auth, topics, messages are the ones to choose from`,
    );
  });

  it('takes names with blanks around them', () => {
    expect(parseConfig(parts, { ANIKA_MODULES: 'auth, messages' })).toEqual({
      ANIKA_MODULES: ['auth', 'messages'],
    });
  });
});

describe('a variable that is no setting', () => {
  const settings = z.object({
    ANIKA_PORT: z.string().optional(),
    ANIKA_MAX_MESSAGE_BYTES: z.string().optional(),
  });
  const others = ['ANIKA_CONCURRENCY', 'ANIKA_HOME'];

  it.each([
    ['ANIKA_MAX_MESAGE_BYTES', 'ANIKA_MAX_MESSAGE_BYTES'],
    ['ANIKA_MAX_MESSAGES_BYTE', 'ANIKA_MAX_MESSAGE_BYTES'],
    ['ANIKA_PROT', 'ANIKA_PORT'],
    ['anika_port', 'ANIKA_PORT'],
    ['ANIKA_CONCURENCY', 'ANIKA_CONCURRENCY'],
  ])('is refused when it is nearly one: %s', (name, meant) => {
    const read = () => parseConfig(settings, { [name]: '1', PATH: '/bin' }, others);
    expect(read).toThrow(`${name} is no setting: did you mean ${meant}?`);
  });

  it("is let be when it is another program's, empty, or nothing like a setting", () => {
    const environment = {
      ANIKA_HOME: '/tmp',
      ANIKA_PROT: '',
      ANIKA_API_SERVICE_HOST: '10.0.0.1',
      ANIKA_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
      ANIKAPORT: '1',
    };
    expect(parseConfig(settings, environment, others)).toEqual({});
    const unknown = unknownSettings(environment, ['ANIKA_PORT', 'ANIKA_MAX_MESSAGE_BYTES', ...others]);
    expect(unknown).toEqual([
      { name: 'ANIKA_API_SERVICE_HOST', meant: undefined },
      { name: 'ANIKA_PORT_8080_TCP', meant: undefined },
    ]);
  });

  it('is named beside all else that is wrong', () => {
    expect(() => parseConfig(schema, { SIZE: '11', ANIKA_NAM: 'x' }, ['ANIKA_NAME'])).toThrow(
      /URL is not set\n {2}SIZE: .*\n {2}ANIKA_NAM is no setting: did you mean ANIKA_NAME\?/,
    );
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
