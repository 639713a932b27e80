import { Failure, type FieldError, invalid } from '@anika/core/failures';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import { LRUCache } from 'lru-cache';
import { comparesAllItems, expandedSize } from './schema-cost.ts';

const MAX_SCHEMA_BYTES = 32 * 1024;
/** Patterns are run by a partner's wish on another partner's process time: none that can run away. */
const FORBIDDEN = ['pattern', 'patternProperties', '$dynamicRef', '$recursiveRef', '$anchor'];
/** Of a schema with its references followed. Checking data holds up every other request. */
const MAX_EXPANDED = 2000;
const DRAFT_07 = /draft-07/;

const addFormats = addFormatsModule as unknown as (ajv: Ajv | Ajv2020) => void;
const options = { strict: false, allErrors: false, validateFormats: true, addUsedSchema: false } as const;

function compile(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  const declared = typeof schema.$schema === 'string' ? schema.$schema : '';
  const ajv = DRAFT_07.test(declared) ? new Ajv(options) : new Ajv2020(options);
  addFormats(ajv);
  return ajv.compile(schema);
}

function findForbidden(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && comparesAllItems(value as Record<string, unknown>)) {
    return 'uniqueItems unless items has a type that is neither object nor array';
  }
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && FORBIDDEN.includes(name)) return name;
    if (!Array.isArray(value) && name === '$ref' && typeof member === 'string' && !member.startsWith('#')) {
      return '$ref to another document';
    }
    const below = findForbidden(member);
    if (below !== undefined) return below;
  }
  return undefined;
}

/** References would count from there. */
function namesABase(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) => (name === '$id' && typeof member === 'string') || namesABase(member),
  );
}

/** Throws `validation-failed` unless it is a JSON Schema that messages can be checked with. */
export function checkJsonSchema(schema: Readonly<Record<string, unknown>>): void {
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_SCHEMA_BYTES) {
    throw invalid('schema', `must be at most ${MAX_SCHEMA_BYTES} bytes`);
  }
  const forbidden = findForbidden(schema);
  if (forbidden !== undefined) throw invalid('schema', `must not use ${forbidden}`);
  const { $id: _base, ...inner } = schema;
  if (namesABase(inner)) throw invalid('schema', 'must not use $id below its root');
  if (expandedSize(schema) > MAX_EXPANDED) {
    throw invalid(
      'schema',
      `must have at most ${MAX_EXPANDED} parts once each $ref is followed, and no circle`,
    );
  }
  try {
    compile(schema);
  } catch (error) {
    throw invalid('schema', error instanceof Error ? error.message.slice(0, 300) : 'is not a JSON Schema');
  }
}

export type CheckData = (topic: { id: string; schema: unknown }, data: unknown) => void;

/** Checks data against topics' schemas, each compiled once; throws `schema-mismatch` naming what is wrong. */
export function createCheckData(): CheckData {
  const compiled = new LRUCache<string, { source: unknown; validate: ValidateFunction }>({ max: 1000 });
  return (topic, data) => {
    if (topic.schema === undefined || topic.schema === null) return;
    const known = compiled.get(topic.id);
    const entry =
      known?.source === topic.schema
        ? known
        : { source: topic.schema, validate: compile(topic.schema as Record<string, unknown>) };
    if (entry !== known) compiled.set(topic.id, entry);
    if (entry.validate(data)) return;
    const errors = (entry.validate.errors ?? []).map(toFieldError);
    throw new Failure('schema-mismatch', "The data does not fit the topic's schema", { errors });
  };
}

function toFieldError(error: ErrorObject): FieldError {
  return { path: `data${error.instancePath.replaceAll('/', '.')}`, message: error.message ?? 'is wrong' };
}
