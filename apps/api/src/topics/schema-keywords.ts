import type { JsonNumber } from '@anika/core/decimal';
import { decimalOf, isJsonNumber } from '@anika/core/decimal';
import { isJsonObject } from '@anika/core/exact-json';

export type SchemaObject = Readonly<Record<string, unknown>>;
export type Dialect = '2020-12' | 'draft-07';

/** What a keyword's value must be, and where in it there are schemas again: all other names and values are data. */
type Keyword = {
  readonly is: (value: unknown) => boolean;
  readonly expected: string;
  readonly below?: 'schema' | 'schemas' | 'map';
};

const TYPES = new Set<unknown>(['string', 'number', 'integer', 'boolean', 'null', 'object', 'array']);
/** A divisor is worked with digit by digit. */
const MULTIPLE_OF_DIGITS = 30;

const isText = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown) => typeof value === 'boolean';
const isSchema = (value: unknown) => isFlag(value) || isJsonObject(value);
const isList = (value: unknown, item: (one: unknown) => boolean) => Array.isArray(value) && value.every(item);
const isTexts = (value: unknown) => isList(value, isText);
const isMap = (value: unknown, member: (one: unknown) => boolean) =>
  isJsonObject(value) && Object.values(value).every(member);
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

function isDivisor(value: unknown): boolean {
  if (!isJsonNumber(value)) return false;
  const { negative, digits } = decimalOf(value);
  return !negative && digits !== '' && digits.length <= MULTIPLE_OF_DIGITS;
}

const NUMBER: Keyword = { is: (value): value is JsonNumber => isJsonNumber(value), expected: 'a number' };
const COUNT: Keyword = { is: isCount, expected: 'a whole number of at least 0' };
const TEXT: Keyword = { is: isText, expected: 'a text' };
const FLAG: Keyword = { is: isFlag, expected: 'true or false' };
const ANY: Keyword = { is: () => true, expected: 'anything' };
const SCHEMA: Keyword = { is: isSchema, expected: 'a schema', below: 'schema' };
const MAP: Keyword = { is: (value) => isMap(value, isSchema), expected: 'schemas by name', below: 'map' };
const SCHEMAS: Keyword = {
  is: (value) => isList(value, isSchema) && (value as unknown[]).length > 0,
  expected: 'a list of schemas, not an empty one',
  below: 'schemas',
};

const COMMON: Readonly<Record<string, Keyword>> = {
  $schema: TEXT,
  $id: TEXT,
  $comment: TEXT,
  $defs: MAP,
  definitions: MAP,
  $ref: {
    is: (value) => isText(value) && value.startsWith('#'),
    expected: 'a place in this schema, like "#/$defs/car"',
  },
  title: TEXT,
  description: TEXT,
  default: ANY,
  examples: { is: Array.isArray, expected: 'a list' },
  deprecated: FLAG,
  readOnly: FLAG,
  writeOnly: FLAG,
  format: TEXT,
  contentEncoding: TEXT,
  contentMediaType: TEXT,
  contentSchema: SCHEMA,
  type: {
    is: (value) =>
      TYPES.has(value) || (isList(value, (one) => TYPES.has(one)) && (value as unknown[]).length > 0),
    expected: `one of ${[...TYPES].join(', ')}, or a list of these`,
  },
  enum: { is: Array.isArray, expected: 'a list' },
  const: ANY,
  multipleOf: { is: isDivisor, expected: `a number above 0 of at most ${MULTIPLE_OF_DIGITS} digits` },
  maximum: NUMBER,
  exclusiveMaximum: NUMBER,
  minimum: NUMBER,
  exclusiveMinimum: NUMBER,
  maxLength: COUNT,
  minLength: COUNT,
  maxItems: COUNT,
  minItems: COUNT,
  uniqueItems: FLAG,
  contains: SCHEMA,
  maxProperties: COUNT,
  minProperties: COUNT,
  required: { is: isTexts, expected: 'a list of names' },
  properties: MAP,
  additionalProperties: SCHEMA,
  propertyNames: SCHEMA,
  allOf: SCHEMAS,
  anyOf: SCHEMAS,
  oneOf: SCHEMAS,
  not: SCHEMA,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: SCHEMA,
  if: SCHEMA,
  else: SCHEMA,
};

const OF_2020: Readonly<Record<string, Keyword>> = {
  ...COMMON,
  prefixItems: SCHEMAS,
  items: SCHEMA,
  minContains: COUNT,
  maxContains: COUNT,
  dependentRequired: { is: (value) => isMap(value, isTexts), expected: 'lists of names by name' },
  dependentSchemas: MAP,
  unevaluatedItems: SCHEMA,
  unevaluatedProperties: SCHEMA,
};

const OF_DRAFT_07: Readonly<Record<string, Keyword>> = {
  ...COMMON,
  items: SCHEMA,
  additionalItems: SCHEMA,
};
const ITEMS_LIST = { ...SCHEMAS, expected: 'a schema, or a list of schemas' };
const DEPENDENCIES: Keyword = {
  is: (value) => isMap(value, (one) => isTexts(one) || isSchema(one)),
  expected: 'schemas or lists of names by name',
  below: 'map',
};

/** The version that a schema says it is written in; 2020-12 unless it is draft-07. */
export function dialectOf(root: SchemaObject): Dialect {
  return typeof root.$schema === 'string' && root.$schema.includes('draft-07') ? 'draft-07' : '2020-12';
}

/** Own names for annotations, as OpenAPI and others write them. */
const EXTENSION = /^x-/;

/** The keyword of a name; undefined when there is none that may be used. */
export function keywordOf(name: string, value: unknown, dialect: Dialect): Keyword | undefined {
  if (EXTENSION.test(name)) return ANY;
  if (dialect === 'draft-07' && name === 'items' && Array.isArray(value)) return ITEMS_LIST;
  if (dialect === 'draft-07' && name === 'dependencies') return DEPENDENCIES;
  const keywords = dialect === 'draft-07' ? OF_DRAFT_07 : OF_2020;
  return Object.hasOwn(keywords, name) ? keywords[name] : undefined;
}

/** The schemas right below a schema, each with the names that lead to it. */
export function* schemasBelow(
  schema: SchemaObject,
  dialect: Dialect,
): Generator<{ readonly path: readonly string[]; readonly schema: unknown }> {
  for (const [name, value] of Object.entries(schema)) {
    const below = keywordOf(name, value, dialect)?.below;
    if (below === 'schema') yield { path: [name], schema: value };
    if (below !== 'map' && below !== 'schemas') continue;
    for (const [key, member] of Object.entries(value ?? {})) {
      // Of `dependencies`, a list of names.
      if (below === 'schemas' || !Array.isArray(member)) yield { path: [name, key], schema: member };
    }
  }
}
