import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileFilter } from './compile-filter.ts';
import { type FilterSubject, parseFilter } from './filter.ts';
import { VALUES_MAX } from './message-values.ts';

/** Data that counts how often its arrays and members are read. */
function counted(value: unknown, counter: { reads: number }): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map((item) => counted(item, counter))
    : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, counted(member, counter)]));
  return new Proxy(copy as object, {
    get(target, name, receiver) {
      counter.reads += 1;
      return Reflect.get(target, name, receiver);
    },
  });
}

const items = fc.constantFrom<(i: number) => unknown>(
  (i) => i,
  (i) => `text ${i}`,
  (i) => ({ a: i, b: [i, { a: i }] }),
  (i) => [[i]],
  () => ({}),
  (i) => ({ [`n${i}`]: i }),
);
const operators = ['eq', 'ne', 'gt', 'lte', 'prefix', 'exists'] as const;
const operand = { eq: 'x', ne: 'x', gt: 'x', lte: -1, prefix: 'x', exists: false };

it('filters read a message once, in steps that grow with its size and not with their number', () => {
  const sizes = fc.integer({ min: 10, max: 3000 });
  const filters = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(items, sizes, filters, (item, size, count) => {
      const counter = { reads: 0 };
      const data = counted(
        Array.from({ length: size }, (_, i) => item(i)),
        counter,
      );
      const bytes = JSON.stringify(Array.from({ length: size }, (_, i) => item(i))).length;
      const subject: FilterSubject = { type: 't', key: undefined, data };
      for (let n = 0; n < count; n += 1) {
        const conditions = operators.map((by) => ({
          [`data${['', '.a', '.b', '.b.a'][n % 4]}`]: { [by]: operand[by] },
        }));
        const parsed = parseFilter({ or: conditions });
        if (!parsed.ok) throw new Error('not a filter');
        compileFilter(parsed.filter)(subject);
      }
      expect(counter.reads).toBeLessThanOrEqual(4 * bytes + 20);
    }),
    { numRuns: 60 },
  );
});

it('no condition looks at more than so many values', () => {
  const parsed = parseFilter({ data: { prefix: 'x' } });
  if (!parsed.ok) throw new Error('not a filter');
  let looked = 0;
  const text = (n: number) => n.toString().padStart(6, '0');
  const data = Array.from({ length: 20 * VALUES_MAX }, (_, n) => text(n));
  const real = String.prototype.startsWith;
  String.prototype.startsWith = function (this: string, ...given: [string, number?]) {
    looked += 1;
    return real.apply(this, given);
  };
  try {
    compileFilter(parsed.filter)({ type: 't', key: undefined, data });
  } finally {
    String.prototype.startsWith = real;
  }
  expect(looked).toBeLessThanOrEqual(VALUES_MAX);
});
