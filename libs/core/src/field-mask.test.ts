import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMask, type FieldMask, MASK_MAX_PATHS, maskSubject, parseFieldMask } from './field-mask.ts';

function maskOf(value: unknown): FieldMask {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error(`not a mask: ${JSON.stringify(parsed.errors)}`);
  return parsed.mask;
}

describe('compileMask()', () => {
  it.each<[object, string, string]>([
    [{ include: ['data.a'] }, '{"a":1,"b":2}', '{"a":1}'],
    [{ include: ['data.a.b'] }, '{"a":{"b":1,"c":2},"b":3}', '{"a":{"b":1}}'],
    [{ include: ['data.a.b'] }, '{"a":5}', '{}'],
    [{ include: ['data.a', 'data.a.b'] }, '{"a":{"b":1,"c":2}}', '{"a":{"b":1,"c":2}}'],
    [{ include: ['data.items.*.n'] }, '{"items":[{"n":1,"x":2},5,{"x":3}]}', '{"items":[{"n":1},{}]}'],
    [{ include: ['data.items.n'] }, '{"items":[{"n":1}]}', '{}'],
    [{ include: ['data.*.n'] }, '[{"n":1,"x":2},{"n":3}]', '[{"n":1},{"n":3}]'],
    [{ include: ['data.items.*'] }, '{"items":{"*":1,"a":2}}', '{"items":{}}'],
    [{ include: ['data.items.\\*'] }, '{"items":{"*":1,"a":2}}', '{"items":{"*":1}}'],
    [{ include: ['data.a\\.b'] }, '{"a.b":1,"a":{"b":2}}', '{"a.b":1}'],
    [{ include: ['data.a'] }, '5', 'null'],
    [{ include: ['data.a'] }, '[{"a":1}]', 'null'],
    [{ include: [] }, '{"a":1}', '{}'],
    [{ include: ['data.__proto__'] }, '{"__proto__":{"x":1},"a":2}', '{"__proto__":{"x":1}}'],
    [{ include: ['data.toString'] }, '{"a":2}', '{}'],
    [{ exclude: ['data.a'] }, '{"a":1,"b":2}', '{"b":2}'],
    [{ exclude: ['data.a.b'] }, '{"a":{"b":1,"c":2}}', '{"a":{"c":2}}'],
    [{ exclude: ['data.a.b'] }, '{"a":5}', '{"a":5}'],
    [{ exclude: ['data.items.*.n'] }, '{"items":[{"n":1,"x":2},5]}', '{"items":[{"x":2},5]}'],
    [{ exclude: ['data.items.n'] }, '{"items":[{"n":1,"x":2},[{"n":3}]]}', '{"items":[{"x":2},[{}]]}'],
    [{ exclude: ['data.items.*'] }, '{"items":[1,2],"a":3}', '{"items":[],"a":3}'],
    [{ exclude: ['data.*.n'] }, '[[{"n":1}],{"n":2}]', '[[{}],{}]'],
    [{ exclude: ['data.items.*.n'] }, '{"items":{"n":1,"x":2}}', '{"items":{"x":2}}'],
    [{ exclude: ['data.items.*.n'] }, '{"items":{"x":{"n":1}}}', '{"items":{"x":{"n":1}}}'],
    [{ exclude: ['data.items.*.*.n'] }, '{"items":[{"n":1},[{"n":2}]]}', '{"items":[{},[{}]]}'],
    [{ exclude: ['data.items.*'] }, '{"items":5,"a":3}', '{"a":3}'],
    [{ exclude: ['data.*'] }, '{"a":3}', 'null'],
    [{ exclude: ['data.a\\.b'] }, '{"a.b":1,"a":{"b":2}}', '{"a":{"b":2}}'],
    [{ exclude: [] }, '{"a":1}', '{"a":1}'],
    [{ exclude: ['data.a'] }, '5', '5'],
    [{ exclude: ['data.__proto__'] }, '{"__proto__":{"x":1},"a":2}', '{"a":2}'],
    [{ exclude: ['data.__proto__.x'] }, '{"__proto__":{"x":1,"y":2}}', '{"__proto__":{"y":2}}'],
  ])('%j shows of %s only %s', (mask, text, visible) => {
    const compiled = compileMask(maskOf(mask));
    expect(compiled.applyText(text)).toBe(visible);
    expect(compiled.apply(JSON.parse(text))).toStrictEqual(JSON.parse(visible));
  });

  it('keeps key order, white space of what stays, escapes and numbers beyond a double', () => {
    const text = ' { "z" : 12345678901234567890.10 , "a":1, "b" : { "x" : 1e400 } , "\\u0061b":"\\u0416" } ';
    expect(compileMask(maskOf({ exclude: ['data.a'] })).applyText(text)).toBe(
      '{"z":12345678901234567890.10,"b":{ "x" : 1e400 },"\\u0061b":"\\u0416"}',
    );
  });

  it('knows an escaped name for what it is', () => {
    expect(compileMask(maskOf({ exclude: ['data.secret'] })).applyText('{"\\u0073ecret":1,"b":2}')).toBe(
      '{"b":2}',
    );
  });

  it('hides every member of a repeated name', () => {
    const text = '{"a":"hidden-1","b":1,"a":{"b":"hidden-2"}}';
    expect(compileMask(maskOf({ exclude: ['data.a'] })).applyText(text)).toBe('{"b":1}');
  });

  it.each([
    [{ exclude: ['key'] }, false],
    [{ exclude: ['data.key'] }, true],
    [{ exclude: [] }, true],
    [{ include: ['data.a'] }, false],
    [{ include: ['data.a', 'key'] }, true],
    [{ include: [] }, false],
  ])('%j says of the key: shown %s', (mask, isShown) => {
    const compiled = compileMask(maskOf(mask));
    expect(compiled.showsKey).toBe(isShown);
    expect(maskSubject(compiled, { type: 'x', key: 'k', data: { a: 1, key: 'k' } }).key).toBe(
      isShown ? 'k' : undefined,
    );
  });

  const [composed, decomposed] = ['паспортный'.normalize('NFC'), 'паспортный'.normalize('NFD')];
  it.each([
    [composed, decomposed],
    [decomposed, composed],
    ['caf\u00e9', 'cafe\u0301'],
    ['\u212b', 'A\u030a'],
    ['\uac00', '\u1100\u1161'],
  ])(
    'hides %j under exclude also where the data spell it %j, and shows under include what it names',
    (name, other) => {
      const text = JSON.stringify({ [other]: 1, открыто: 2, below: [{ [other]: { a: 3 } }] });
      const hiding = compileMask(maskOf({ exclude: [`data.${name}`, `data.below.*.${name}.a`] }));
      expect(JSON.parse(hiding.applyText(text))).toEqual({ открыто: 2, below: [{ [other]: {} }] });
      expect(hiding.apply(JSON.parse(text))).toEqual({ открыто: 2, below: [{ [other]: {} }] });
      expect(compileMask(maskOf({ include: [`data.${name}`] })).applyText(text)).toBe('{}');
    },
  );

  it('takes linear time over names of nothing but marks', () => {
    const name = 'e\u0301\u0323'.repeat(3) + '\u0301\u0323'.repeat(60_000);
    const compiled = compileMask(maskOf({ exclude: ['data.é'] }));
    const before = process.cpuUsage().user;
    expect(compiled.apply({ [name]: 1, a: 2 })).toEqual({ [name]: 1, a: 2 });
    expect(process.cpuUsage().user - before).toBeLessThan(500_000);
  });

  it('takes no longer for many stars over arrays within arrays', () => {
    const text = `${'['.repeat(31)}1${']'.repeat(31)}`;
    const compiled = compileMask(maskOf({ exclude: [`data.${'*.'.repeat(31)}x`] }));
    expect(compiled.applyText(text)).toBe(text);
    expect(compiled.apply(JSON.parse(text))).toStrictEqual(JSON.parse(text));
  });

  it('leaves the prototype of nobody changed', () => {
    compileMask(maskOf({ include: ['data.__proto__.polluted'] })).apply(
      JSON.parse('{"__proto__":{"polluted":true}}'),
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

const names = ['a', 'b', 'c', '*', 'a.b', '__proto__', '0', ''] as const;

/** JSON in a few names, so that paths meet members often. Every leaf is different: it says where it comes from. */
const data = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>('leaf', 1, true, null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 5 })
        .map((members) => Object.fromEntries(members) as unknown),
    ),
  }))
  .value.map((value) => JSON.stringify(value) as string);

const path = fc
  .array(fc.constantFrom('a', 'b', 'c', '*', '\\*', 'a\\.b', '__proto__', '0'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => ['data', ...parts].join('.'));
const paths = fc.array(path, { maxLength: 4 });
const mask = fc.oneof(
  paths.map((include) => ({ include })),
  paths.map((exclude) => ({ exclude })),
);

/** All leaves with the names that lead to them; array items count as `[]`. */
function leaves(value: unknown, at: readonly string[] = []): { at: readonly string[]; value: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, [...at, '[]']));
  if (typeof value !== 'object' || value === null) return [{ at, value }];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...at, name]));
}

/** Whether an escaped path, arrays passed over, leads to this leaf or to what holds it. */
function leadsTo(pathText: string, at: readonly string[]): boolean {
  const [, ...names] = pathText.split(/(?<!\\)\./);
  const wanted = names.filter((part) => part !== '*');
  const members = at.filter((name) => name !== '[]');
  return wanted.every((part, i) => part.replaceAll('\\', '') === members[i]);
}

describe('a mask on text and on the parsed value', () => {
  it('leaves the same', () => {
    fc.assert(
      fc.property(data, mask, (text, given) => {
        const compiled = compileMask(maskOf(given));
        expect(JSON.parse(compiled.applyText(text))).toStrictEqual(compiled.apply(JSON.parse(text)));
      }),
      { numRuns: 1000 },
    );
  });

  it('is applied completely the first time', () => {
    fc.assert(
      fc.property(data, mask, (text, given) => {
        const compiled = compileMask(maskOf(given));
        const once = compiled.applyText(text);
        if (once !== 'null') expect(compiled.applyText(once)).toBe(once);
      }),
    );
  });

  it('shows no leaf that exclude names, however many arrays lie between', () => {
    const plain = paths.map((all) => all.filter((one) => !one.split('.').includes('*')));
    fc.assert(
      fc.property(data, plain, (text, exclude) => {
        const visible: unknown = JSON.parse(compileMask(maskOf({ exclude })).applyText(text));
        for (const { at } of leaves(visible)) {
          expect(exclude.filter((one) => leadsTo(one, at))).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('shows no leaf that include does not name', () => {
    fc.assert(
      fc.property(data, paths, (text, include) => {
        const visible: unknown = JSON.parse(compileMask(maskOf({ include })).applyText(text));
        if (visible === null) return;
        for (const { at } of leaves(visible)) {
          expect(include.some((one) => leadsTo(one, at))).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a secret value out of the text wherever it lies below an excluded name', () => {
    fc.assert(
      fc.property(data, data, (below, beside) => {
        const hidden = below.replaceAll(/"leaf"|\b1\b/g, '"secret-4711"');
        const text = `[{"x":${beside},"a":[[{"b":${hidden}}]]},{"a":[{"b":"secret-4711"}]}]`;
        for (const exclude of [['a.b'], ['*.a.b'], ['*.a.*.b'], ['*.a.*.*.b', 'a.*.b'], ['*.a'], ['*']]) {
          expect(
            compileMask(maskOf({ exclude: exclude.map((path) => `data.${path}`) })).applyText(text),
          ).not.toContain('secret-4711');
        }
      }),
    );
  });
});

describe('parseFieldMask()', () => {
  it.each<[unknown, string]>([
    [undefined, ''],
    [null, ''],
    ['include', ''],
    [[], ''],
    [{}, ''],
    [{ only: ['a'] }, ''],
    [{ include: ['data.a'], exclude: ['data.b'] }, ''],
    [{ include: 'a' }, 'include'],
    [{ exclude: Array(MASK_MAX_PATHS + 1).fill('data.a') }, 'exclude'],
    [{ include: ['data.a', 'data.'] }, 'include.1'],
    [{ include: ['data.a..b'] }, 'include.0'],
    [{ exclude: ['data.a.'] }, 'exclude.0'],
    [{ exclude: ['data.a\\'] }, 'exclude.0'],
    [{ exclude: [5] }, 'exclude.0'],
    [{ exclude: [`data.${'a'.repeat(252)}`] }, 'exclude.0'],
    [{ exclude: [`data${'.a'.repeat(33)}`] }, 'exclude.0'],
    [{ exclude: ['customer.phone'] }, 'exclude.0'],
    [{ exclude: ['data'] }, 'exclude.0'],
    [{ exclude: ['type'] }, 'exclude.0'],
    [{ exclude: ['key.a'] }, 'exclude.0'],
    [{ exclude: ['Key'] }, 'exclude.0'],
    [{ exclude: ['database.a'] }, 'exclude.0'],
    [{ exclude: ['data\\.a'] }, 'exclude.0'],
    [{ include: ['*.a'] }, 'include.0'],
  ])('refuses %j and says where', (value, where) => {
    expect(parseFieldMask(value)).toMatchObject({ ok: false, errors: [{ path: where }] });
  });

  it.each([
    ['customer.phone', 'data.customer.phone'],
    ['$.customer.phone', 'data.customer.phone'],
    ['$.data.customer.phone', 'data.customer.phone'],
    ['/customer/phone', 'data.customer.phone'],
    ['/data/items/*/a.b', 'data.items.*.a\\.b'],
    ['*.n', 'data.*.n'],
  ])('says of %s that %s may be meant', (path, meant) => {
    expect(parseFieldMask({ exclude: [path] })).toMatchObject({
      errors: [{ message: expect.stringMatching(/^must be a path such as data\..*perhaps (.*) is meant$/) }],
    });
    expect(JSON.stringify(parseFieldMask({ exclude: [path] }))).toContain(
      JSON.stringify(`perhaps ${meant} is meant`).slice(1, -1),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseFieldMask(value)).toHaveProperty('ok');
      }),
    );
  });
});
