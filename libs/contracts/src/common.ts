import { isSaid, type Said, said } from '@anika/core/field-rules';
import { type IdOf, type IdPrefix, isId } from '@anika/core/ids';
import { invisibleIn } from '@anika/core/invisible';
import { z } from 'zod';

/** What a schema says of what breaks a rule that has a name; `saidIn` finds it again. */
export function ruled(what: Said): { readonly error: string; readonly params: { readonly said: Said } } {
  return { error: what.message, params: { said: what } };
}

export function saidIn(issue: z.core.$ZodIssue): Said | undefined {
  const found: unknown = issue.code === 'custom' ? issue.params?.said : undefined;
  return isSaid(found) ? found : undefined;
}

/** For a check that finds out itself what is wrong. */
export function addSaid(context: z.core.$RefinementCtx, what: Said): void {
  context.addIssue({ code: 'custom', message: what.message, params: { said: what } });
}

/** An id with its visible prefix, e.g. `top_01k…`. */
export function id<P extends IdPrefix>(prefix: P) {
  return z
    .string()
    .max(80)
    .refine((text): text is IdOf[P] => isId(prefix, text), `must be an id that begins with ${prefix}_`)
    .meta({ example: `${prefix}_01kb3v6m0eqx4tq2h7s9d5c8fz` });
}

/** A path parameter that names a resource. A malformed id simply names nothing: the answer is 404, not 422. */
export const idParams = z.strictObject({ id: z.string().max(200) });
export const idAndPartnerParams = z.strictObject({ id: z.string().max(200), partnerId: z.string().max(200) });

/** Beyond these no four digits write the year, and PostgreSQL has other years than JavaScript. */
const INSTANTS = { min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) };
/** ISO 8601 with a zone, e.g. `2026-11-23T10:00:00Z`. */
export const instant = z.iso
  .datetime({ offset: true, abort: true })
  .refine(
    (text) => INSTANTS.min <= Date.parse(text) && Date.parse(text) <= INSTANTS.max,
    ruled(said('beyond-years')),
  );
export const futureInstant = instant.refine(
  (text) => Date.parse(text) > Date.now(),
  ruled(said('not-in-future')),
);

/** Whether stores can hold a text: none takes half a surrogate pair, PostgreSQL no NUL. */
export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}
export const NOT_STORABLE = 'must not hold a NUL character or half a surrogate pair';

/**
 * A record whose names are a partner's own, at any depth. Parsers drop the name `__proto__`, and what is left of a
 * filter or a schema then means something else.
 */
export function ownNames<T extends z.ZodType>(record: T) {
  return z.preprocess((value, context) => {
    const path = pathOfProto(value);
    if (path === undefined) return value;
    context.addIssue({
      code: 'custom',
      path: [...path],
      message: 'is a name that cannot be used',
      input: value,
    });
    return z.NEVER;
  }, record);
}

/** Any JSON object. */
export const jsonObject = ownNames(z.record(z.string(), z.unknown()));

function pathOfProto(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && Object.hasOwn(value, '__proto__')) return ['__proto__'];
  for (const [name, member] of Object.entries(value)) {
    const below = pathOfProto(member);
    if (below !== undefined) return [name, ...below];
  }
  return undefined;
}

/** A name that others see: any Unicode, trimmed, without characters that nobody sees or that turn what follows. */
export function label(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text), ruled(said('control-character')))
    .refine(isStorable, NOT_STORABLE)
    .superRefine((text, context) => {
      const hidden = invisibleIn(text);
      if (hidden === undefined) return;
      const code = hidden.toString(16).toUpperCase().padStart(4, '0');
      addSaid(context, said('hidden-character', { code: `U+${code}` }));
    })
    .transform((text) => text.normalize('NFC'));
}

export function prose(max: number) {
  return z.string().trim().max(max).refine(isStorable, NOT_STORABLE);
}

/** Part of a name that is searched. */
export const searchText = z
  .string()
  .trim()
  .max(100)
  .refine(isStorable, NOT_STORABLE)
  .describe('Part of the name');

const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .describe('Items a page, 1–200; a page ends sooner at about 1 MB');
const cursor = z.string().max(400).optional().describe('`nextCursor` of the page before');
export const pageQuery = z.strictObject({ limit, cursor });
/** `from` ≤ time < `to`. */
export const timeRange = {
  from: instant.optional().describe('Not before this time (ISO 8601)'),
  to: instant.optional().describe('Before this time (ISO 8601)'),
};

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

const named = {
  rule: z
    .string()
    .optional()
    .describe('A name for what is wrong, where it has one, for whoever says it in another language'),
  values: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('What the words of the rule are about, such as a limit'),
};
export const fieldError = z.object({ path: z.string(), message: z.string(), ...named });
export const pathWarning = z.object({ path: z.string(), reason: z.string(), ...named });

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(fieldError).optional(),
    challenge: z
      .object({ token: z.string(), expiresIn: z.number().int().describe('Seconds') })
      .optional()
      .describe('With `totp-required`: for the second step of the login'),
    recalled: z
      .object({ at: z.string(), reason: z.string(), dataSha256: z.string().optional() })
      .optional()
      .describe('Of a message that was taken back; the hash of its data is for its owner'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problem>;

/** A body without members; anything in it is refused. */
export const noBody = z.strictObject({}).optional();
