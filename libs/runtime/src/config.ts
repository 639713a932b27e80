import { z } from 'zod';

declare module 'zod' {
  interface GlobalMeta {
    /** Never printed; shown as `configured` or `not set`. */
    secret?: boolean;
  }
}

/** One sentence an environment variable that is wrong, so that all can be mended at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads settings from the environment; an empty variable counts as not set. */
export function parseConfig<S extends z.ZodObject>(schema: S, environment: NodeJS.ProcessEnv): z.output<S> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = issue.path.map(String).join('.');
    return given[name] === undefined ? `${name} is not set` : `${name}: ${issue.message}`;
  });
  throw new ConfigError(`The settings are not complete:\n  ${[...new Set(lines)].join('\n  ')}`);
}

export type SettingDescription = {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
  readonly defaultValue: string | undefined;
};

/** The settings as data, for the reference page. */
export function describeConfig(schema: z.ZodObject): SettingDescription[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType;
    const empty = type.safeParse(undefined);
    const meta = type.meta() ?? {};
    return {
      name,
      description: type.description ?? '',
      required: !empty.success,
      secret: meta.secret === true,
      defaultValue: typeof meta.shownDefault === 'string' ? meta.shownDefault : shown(empty.data),
    };
  });
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.join(',');
  return String(value);
}

/** A positive whole number from a text. */
export function wholeNumber(range: { min: number; max: number }) {
  return z.coerce.number().int().min(range.min).max(range.max);
}

export function flag() {
  return z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
}
