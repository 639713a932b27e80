import { z } from 'zod';
import type { Logger } from './logger.ts';

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

/**
 * Reads settings from the environment; an empty variable counts as not set. A variable that is nearly one of the
 * settings is refused: what it was meant for would silently have its default.
 * @param others names that other programs read from the same environment
 */
export function parseConfig<S extends z.ZodObject>(
  schema: S,
  environment: NodeJS.ProcessEnv,
  others: readonly string[] = [],
): z.output<S> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const result = schema.safeParse(given);
  const known = [...Object.keys(schema.shape), ...others];
  const misspelt = unknownSettings(environment, known).flatMap(({ name, meant }) =>
    meant === undefined ? [] : [`${name} is no setting: did you mean ${meant}?`],
  );
  const wrong = (result.error?.issues ?? []).map(({ path, message }) => {
    // Of a list the path goes on to the item: the variable is its first part.
    const name = String(path[0]);
    return given[name] === undefined ? `${name} is not set` : `${name}: ${message}`;
  });
  const lines = [...new Set([...wrong, ...misspelt])];
  if (result.success && lines.length === 0) return result.data;
  throw new ConfigError(`The settings are not complete:\n  ${lines.join('\n  ')}`);
}

export type UnknownSetting = { readonly name: string; readonly meant: string | undefined };

/** Variables that are named like settings of ANIKA and are none; `meant` is the setting whose name is nearly the same. */
export function unknownSettings(
  environment: NodeJS.ProcessEnv,
  known: readonly string[],
): readonly UnknownSetting[] {
  const ours = new Set(known);
  return Object.keys(environment)
    .filter((name) => /^ANIKA_/i.test(name) && !ours.has(name) && environment[name] !== '')
    .map((name) => ({ name, meant: nearest(name, known) }));
}

/** Says which variables look like settings and are none; those that were nearly one, `parseConfig` has refused. */
export function warnOfUnknown(
  environment: NodeJS.ProcessEnv,
  known: readonly string[],
  logger: Pick<Logger, 'warn'>,
): void {
  const names = unknownSettings(environment, known).map(({ name }) => name);
  if (names.length > 0) logger.warn({ names }, 'these variables are no settings of ANIKA and do nothing');
}

/** How many letters may be wrong, missing or too many; in a short name two others are another word. */
const typosMax = (name: string) => (name.length < 16 ? 2 : 3);

function nearest(name: string, known: readonly string[]): string | undefined {
  const upper = name.toUpperCase();
  const distances = known.map((candidate) => ({ candidate, typos: distance(upper, candidate) }));
  const [best] = distances.sort((a, b) => a.typos - b.typos);
  return best !== undefined && best.typos <= typosMax(name) ? best.candidate : undefined;
}

/** Levenshtein's, by rows. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** A list of names, separated by commas; a wrong one is named together with the right ones. */
export function namesFrom<const T extends readonly [string, ...string[]]>(names: T) {
  return z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(
      z
        .array(
          z.enum(names, {
            error: ({ input }) =>
              `there is no "${String(input)}": ${names.join(', ')} are the ones to choose from`,
          }),
        )
        .min(1),
    );
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
