type Json = unknown;

const deep = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);
const nested = (depth: number): Json => JSON.parse(deep(depth, '[', ']'));

/** Put into the place of each value of a body that is good otherwise. Some are good values in some places. */
export const HOSTILE_VALUES: Readonly<Record<string, Json>> = {
  'an operator that is true of all': { $gt: '' },
  'an operator that differs': { $ne: null },
  'an operator with code': { $where: 'sleep(1000) || true' },
  'an operator with a function': { $function: { body: 'function() { return true }', args: [], lang: 'js' } },
  'an operator with a pattern': { $regex: '.*', $options: 'i' },
  'an operator in a list': [{ $gt: '' }],
  'an operator as a text': '{"$gt":""}',
  'an expression as a text': "'; return true; var x='",
  'SQL as a text': "'; drop table topics; --",
  'SQL that is true': "' or '1'='1",
  'SQL that waits': '1; select pg_sleep(10)--',
  'a pattern that takes long': `${'a'.repeat(2000)}!`,
  'a wildcard': '%_%*?',
  'a pattern': '(a+)+$',
  'a template': '{{7*7}}<%= 7*7 %>#{7*7}',
  'a path': '../../../../etc/passwd',
  'a path that is encoded': '..%2f..%2fetc%2fpasswd%00',
  'a script': '<script>alert(1)</script>',
  'an image that is a script': '"><img src=x onerror=alert(1)>',
  'a formula': '=HYPERLINK("https://evil.example","x")',
  'a line for a log': 'x\n{"level":60,"msg":"forged"}',
  'two lines for a header': 'x\r\nset-cookie: a=b',
  'a folded line for a header': 'x\r\n y',
  'a line of Unicode for a header': 'x\u010d\u010aset-cookie: a=b',
  'line separators': 'x\u2028\u2029\u0085y',
  NUL: 'a\u0000b',
  'NUL in a name': { 'a\u0000b': 1 },
  'NUL within': { a: ['x\u0000'] },
  'NUL in a path': { 'data.a\u0000b': 1, 'data.c': 'x\u0000' },
  'NUL in a path of a list': { exclude: ['a\u0000b'] },
  'NUL in a schema': { properties: { 'a\u0000b': { const: '\u0000' } } },
  'half a character in a path': { 'data.\ud800': 'x' },
  'half a character in a path of a list': { include: ['a\ud800b'] },
  'half a character in a schema': { properties: { '\ud800': { description: '\udfff' } } },
  'a schema that takes long': { type: 'string', pattern: '^(a+)+$' },
  'a schema from elsewhere': { $ref: 'https://127.0.0.1/schema.json' },
  'a schema of itself': { $ref: '#' },
  'half a character': 'a\ud800b',
  'the other half': '\udc00',
  'half a character in a name': { '\ud800': 1 },
  'half a character within': { a: ['\udfff'] },
  'what is no character': '\uffff\ufffe\u{10ffff}',
  'letters that turn': '\u202eabc\u2066',
  'marks on marks': `a${'\u0301'.repeat(500)}`,
  'nothing to see': '\u200b\u2060\ufeff',
  'a character that grows': '\ufdfa'.repeat(100),
  'a long text': 'x'.repeat(40_000),
  'an empty text': '',
  'an own prototype': JSON.parse('{"__proto__":{"admin":true}}'),
  'a constructor': { constructor: { prototype: { admin: true } } },
  'names of methods': { toString: 1, valueOf: 1, hasOwnProperty: 1, toJSON: 1 },
  'a name of a method': 'toString',
  'the name of the prototype': '__proto__',
  'a path to the prototype': 'data.__proto__.admin',
  'a number too large': 1e308,
  'a number that is not safe': 2 ** 53 + 2,
  'a number too small': -1e308,
  'a number close to nothing': 5e-324,
  'minus nothing': -0,
  'a fraction': 0.1,
  'minus one': -1,
  null: null,
  true: true,
  'a time too late': '+275760-09-13T00:00:00.000Z',
  'a time after the last year': '9999-12-31T23:59:59-14:00',
  'a time before all': '0000-01-01T00:00:00Z',
  'a time that is none': '2026-02-30T25:61:61Z',
  'a time far away': '9999-12-31T23:59:59.999Z',
  'a list that is empty': [],
  'a list that is long': Array.from({ length: 5000 }, (_, n) => n),
  'a list that is deep': nested(30),
  'a list that is deeper': nested(34),
  'an object that is wide': Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`k${n}`, n])),
  'names like indexes': { 0: 'a', length: 1 },
  'a name with dots': { 'a.b.$c': { '$d.e': 1 } },
  'an empty name': { '': { '': 1 } },
};

/** Each place in a body where a value stands, with the body that has another there. */
export function* replaced(body: Json, value: Json): Generator<Json> {
  yield value;
  if (typeof body !== 'object' || body === null) return;
  for (const [name, member] of Object.entries(body)) {
    for (const other of replaced(member, value)) {
      yield Array.isArray(body)
        ? body.map((each, n) => (String(n) === name ? other : each))
        : { ...body, [name]: other };
    }
  }
}

export type RawBody = { readonly bytes: Uint8Array; readonly headers?: Readonly<Record<string, string>> };

const bytes = (...parts: (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** Bodies that are never good, made from the text of one that is. */
export const HOSTILE_BODIES: Readonly<Record<string, (good: string) => RawBody>> = {
  'not closed': (good) => ({ bytes: bytes(good.slice(0, -1)) }),
  'two of them': (good) => ({ bytes: bytes(good, good) }),
  'with a comment': (good) => ({ bytes: bytes('/* */', good) }),
  'with a comma at the end': (good) => ({ bytes: bytes(good.slice(0, -1), ',}') }),
  'with NaN': () => ({ bytes: bytes('{"a":NaN}') }),
  'with quotes of another kind': (good) => ({ bytes: bytes(good.replaceAll('"', "'"), "{'") }),
  'with a bare NUL': (good) => ({ bytes: bytes(good, [0]) }),
  'with a byte that is no UTF-8': (good) => ({ bytes: bytes(good.slice(0, -1), ',"', [0xff], '":1}') }),
  'with an overlong character': (good) => ({ bytes: bytes(good.slice(0, -1), ',"', [0xc0, 0x80], '":1}') }),
  'with half a character in UTF-8': (good) => ({
    bytes: bytes(good.slice(0, -1), ',"', [0xed, 0xa0, 0x80], '":1}'),
  }),
  'in UTF-16': (good) => ({ bytes: Buffer.from(`\ufeff${good}`, 'utf16le') }),
  'in UTF-16, and declared': (good) => ({
    bytes: Buffer.from(good, 'utf16le'),
    headers: { 'content-type': 'application/json; charset=utf-16' },
  }),
  'in UTF-7, declared': (good) => ({
    bytes: bytes(good),
    headers: { 'content-type': 'application/json;charset=utf-7' },
  }),
  'as text': (good) => ({ bytes: bytes(good), headers: { 'content-type': 'text/plain' } }),
  'as a form': (good) => ({
    bytes: bytes(good),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  'as parts of a form': (good) => ({
    bytes: bytes(good),
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  }),
  'as XML': () => ({
    bytes: bytes('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    headers: { 'content-type': 'application/xml' },
  }),
  'as a kind of JSON': (good) => ({
    bytes: bytes(good),
    headers: { 'content-type': 'application/merge-patch+json' },
  }),
  'as two types': (good) => ({
    bytes: bytes(good),
    headers: { 'content-type': 'text/plain, application/json' },
  }),
  'as an empty type': (good) => ({ bytes: bytes(good), headers: { 'content-type': '' } }),
  'as if it were packed': (good) => ({ bytes: bytes(good), headers: { 'content-encoding': 'gzip' } }),
  'in an unknown packing': (good) => ({ bytes: bytes(good), headers: { 'content-encoding': 'zstd, br' } }),
  'a list': (good) => ({ bytes: bytes('[', good, ']') }),
  'a text': () => ({ bytes: bytes('"text"') }),
  'a number without an end': () => ({ bytes: bytes(`{"a":1${'0'.repeat(40_000)}}`) }),
  'a number beyond all': () => ({ bytes: bytes('{"a":1e400,"b":-1e400}') }),
  'deep lists': () => ({ bytes: bytes(`{"a":${deep(5000, '[', ']')}}`) }),
  'deep objects': () => ({ bytes: bytes(`{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`) }),
  'many members': () => ({
    bytes: bytes(JSON.stringify(Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`m${n}`, n])))),
  }),
  'a prototype': (good) => ({ bytes: bytes(good.slice(0, -1), ',"__proto__":{"admin":true}}') }),
  'a constructor': (good) => ({
    bytes: bytes(good.slice(0, -1), ',"constructor":{"prototype":{"admin":true}}}'),
  }),
  'an operator beside the members': (good) => ({ bytes: bytes(good.slice(0, -1), ',"$where":"1"}') }),
};

/** Parts of a query that no route takes; where one is known by that name, of another form. */
export const HOSTILE_QUERIES: readonly string[] = [
  'limit[$gt]=1',
  'limit[]=1',
  'limit=1&limit=2',
  'limit=1e1000',
  'limit=-1',
  'limit=%00',
  'limit=1;drop',
  'cursor[$ne]=',
  'cursor=%F0%28%8C%28',
  `cursor=${'A'.repeat(399)}`,
  `cursor=${'A'.repeat(8000)}`,
  'cursor=eyIkZ3QiOiIifQ',
  'cursor=../../x',
  '__proto__[admin]=true',
  'constructor[prototype][admin]=true',
  'toString=1',
  'hasOwnProperty=1',
  '$where=sleep(1000)',
  '%00=1',
  '%E0%A4%A=1',
  '=',
  '&&&&',
  'a=b'.repeat(1000),
  Array.from({ length: 1500 }, (_, n) => `p${n}=1`).join('&'),
];

/** In the place of the value of a parameter. */
export const HOSTILE_PARAMETERS: readonly string[] = [
  '%00',
  'a%00b',
  '%ff',
  '%ED%A0%80',
  '%C0%80',
  '%0d%0ax%3A1',
  '%7B%22%24gt%22%3A%22%22%7D',
  '%7B%22data.a%22%3A%7B%22%24where%22%3A%221%22%7D%7D',
  '%7B%22data.a%5Cu0000%22%3A1%7D',
  '%7B%22data.a%22%3A%22%5Cud800%22%7D',
  '%7B%22__proto__%22%3A%7B%22a%22%3A1%7D%7D',
  '%5B'.repeat(2000),
  '%27%20or%201%3D1--',
  '%25_%25%5C',
  '(a%2B)%2B%24',
  '__proto__',
  'toString',
  '-1e999',
  '+275760-09-13T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00%2B14:00',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59-14:00',
  'x'.repeat(9000),
  '%F0%9F%9A%97'.repeat(25),
];

/** In the place of an id in a path. */
export const HOSTILE_IDS: readonly string[] = [
  '%00',
  '%ff',
  '%E0%A4%A',
  '%2e%2e%2fusers',
  '..%5c..%5c',
  '%7B%22%24gt%22%3A%22%22%7D',
  "'%20or%20'1'%3D'1",
  '__proto__',
  'constructor',
  'toString',
  '%0d%0aset-cookie%3A%20a%3Db',
  '%ED%A0%80',
  '%F0%9F%9A%97',
  '-1',
  '0',
  'null',
  'undefined',
  'x'.repeat(300),
  'x'.repeat(10_000),
  '%25%2532%2565',
  'top_%00',
  '*',
];
