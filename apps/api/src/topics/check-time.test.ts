import { parseExact } from '@anika/core/exact-json';
import { describe, expect, it } from 'vitest';
import { parseSchema } from './check-schema.ts';
import { compileSchema } from './compile-schema.ts';
import { checkOf, misfits, STEPS_HERE } from './json-schema.ts';
import { FORMATS } from './schema-formats.ts';
import { OutOfSteps } from './schema-run.ts';

/** Milliseconds by size, printed at the end. */
const table: Record<string, Record<string, number>> = {};

/** The quickest of some rounds: others have the processor too. */
function msOf(work: () => void): number {
  const rounds = Array.from({ length: 5 }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return Math.min(...rounds);
}

function measure(kind: string, bytes: number, work: () => void): number {
  const ms = msOf(work);
  table[kind] = { ...table[kind], [`${Math.round(bytes / 1024)} kB`]: Number(ms.toFixed(2)) };
  return ms;
}

const repeat = (bytes: number, one: string) =>
  `[${Array(Math.ceil(bytes / (one.length + 1)))
    .fill(one)
    .join(',')}]`;
const range = (length: number) => Array.from({ length }, (_, n) => n);

const SCHEMAS: Readonly<Record<string, (parts: number) => object>> = {
  references: (parts) => ({
    $defs: Object.fromEntries(range(parts).map((n) => [`d${n}`, { type: 'string' }])),
    allOf: range(parts).map((n) => ({ $ref: `#/$defs/d${n}` })),
  }),
  members: (parts) => ({
    properties: Object.fromEntries(
      range(parts).map((n) => [`p${n}`, { type: ['string', 'number'], minimum: n }]),
    ),
  }),
  alternatives: (parts) => ({ anyOf: range(parts).map((n) => ({ type: 'string', minLength: n })) }),
  values: (parts) => ({ enum: range(parts).map((n) => `${n}`.padEnd(40, 'x')) }),
};

const DATA: Readonly<Record<string, (bytes: number) => string>> = {
  numbers: (bytes) => repeat(bytes, '1'),
  'a long text': (bytes) => JSON.stringify('x'.repeat(bytes)),
  'a long number': (bytes) => `1.${'3'.repeat(bytes)}`,
  objects: (bytes) => repeat(bytes, '{"a":{"b":1}}'),
  'many names': (bytes) => `{${range(bytes / 10).map((n) => `"n${n}":1`)}}`,
};

const GREEDY = {
  $defs: {
    a: { type: ['string', 'number'], enum: ['a', 1], multipleOf: 0.01, format: 'email', maxLength: 5 },
  },
  items: { allOf: Array(50).fill({ $ref: '#/$defs/a' }) },
  additionalProperties: { anyOf: Array(50).fill({ not: { $ref: '#/$defs/a' } }) },
  propertyNames: { oneOf: Array(20).fill({ format: 'uri' }) },
  allOf: Array(50).fill({ uniqueItems: true, minLength: 1, multipleOf: 0.01 }),
  unevaluatedProperties: false,
};

const HOSTILE: readonly ((length: number) => string)[] = [
  (n) => 'a'.repeat(n),
  (n) => `http://${'a'.repeat(n)}!`,
  (n) => `${'a.'.repeat(n / 2)}@`,
  (n) => `a@${'a-'.repeat(n / 2)}`,
  (n) => `P${'1'.repeat(n)}`,
  (n) => `12:00:00.${'0'.repeat(n)}x`,
  (n) => '/~0'.repeat(n / 3),
  (n) => '%41'.repeat(n / 3),
  (n) => '::'.repeat(n / 2),
];

/** Of 256 kB, and above what a busy machine adds. */
const BOUND_MS = 50;

describe('the time a partner can take', () => {
  it.each(Object.entries(SCHEMAS))('by compiling %s is bounded', (kind, schema) => {
    for (const parts of [25, 100, 400]) {
      const text = JSON.stringify(schema(parts));
      expect(
        measure(`compile: ${kind}`, text.length, () => void compileSchema(parseSchema(text))),
      ).toBeLessThan(BOUND_MS);
    }
  });

  it.each(Object.entries(DATA))('by a greedy schema on %s is bounded, whatever the size', (kind, make) => {
    const check = checkOf(JSON.stringify(GREEDY));
    for (const bytes of [4096, 65_536, 262_144]) {
      const value = parseExact(make(bytes));
      const ms = measure(`check: ${kind}`, bytes, () => {
        try {
          misfits(check, value, STEPS_HERE);
        } catch (error) {
          if (!(error instanceof OutOfSteps)) throw error;
        }
      });
      expect(ms).toBeLessThan(BOUND_MS);
    }
  });

  it.each([...FORMATS])('by the format %s grows with the size', (name, fits) => {
    for (const bytes of [4096, 65_536, 262_144]) {
      const texts = HOSTILE.map((make) => Buffer.from(make(bytes)).toString());
      const worst = texts.reduce((a, b) => (msOf(() => void fits(a)) > msOf(() => void fits(b)) ? a : b));
      expect(measure(`format: ${name}`, bytes, () => void fits(worst))).toBeLessThan(BOUND_MS);
    }
  });

  it('is printed', () => {
    console.table(table);
    expect(Object.keys(table).length).toBeGreaterThan(20);
  });
});
