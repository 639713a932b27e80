/** A request that was found to cost much, or that somebody has choked on. */
export type Shape = {
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly rawBody?: string;
  /** Who sends it: the one the topics belong to, or the one that sees them through a mask. */
  readonly as: 'owner' | 'reader';
};

export type ShapeKind = { readonly title: string; readonly shapes: readonly Shape[] };

/** What the shapes are about: topics of a hostile company. */
export type Ground = {
  /** Read through a mask and a filter of many conditions, and full of arrays. */
  readonly filteredTopicId: string;
  /** Its schema has many conditions on each item of an array, and formats. */
  readonly schemaTopicId: string;
  /** Whose grants change all the time. */
  readonly readerId: string;
};

const LARGE = 240_000;
/** Of a list as `items` makes it. */
const BYTES_AN_ITEM = 26;

/** In an `or`, so that each is looked at: none holds. */
export const MANY_CONDITIONS = {
  or: Array.from({ length: 60 }, (_, n) => ({ 'data.items.n': { gt: 100_000 + n } })),
};

/** Valid for what is published here, after a look at everything. */
export const COSTLY_SCHEMA = {
  type: 'object',
  properties: {
    items: {
      type: 'array',
      items: { anyOf: Array.from({ length: 60 }, (_, n) => ({ properties: { n: { const: -n - 1 } } })) },
    },
    url: { type: 'string', format: 'uri' },
    email: { type: 'string', format: 'email' },
    time: { type: 'string', format: 'date-time' },
  },
};

const items = (count: number) => Array.from({ length: count }, (_, n) => ({ n, word: `w${n}` }));
const filling = (text: string, bytes = LARGE) => text.repeat(Math.floor(bytes / Buffer.byteLength(text)));
const encoded = (filter: unknown) => encodeURIComponent(JSON.stringify(filter));

/** By what makes them costly, in several sizes and places. */
export function costlyShapes(ground: Ground): readonly ShapeKind[] {
  return [
    { title: 'filters × arrays', shapes: filtersAndArrays(ground) },
    { title: 'where × arrays, masked and not', shapes: searches(ground) },
    { title: 'combining marks and other long texts', shapes: longTexts(ground) },
    { title: 'schema × data', shapes: schemasAndData(ground) },
    { title: 'formats', shapes: formats(ground) },
    { title: 'schemas to be compiled', shapes: schemas(ground) },
    { title: '_bsontype, __proto__, deep lists', shapes: awkwardNames(ground) },
    { title: 'huge numbers', shapes: numbers(ground) },
  ];
}

/** One request of each kind that was found to freeze an api, about so many bytes long. */
export function shapesOfSize({ filteredTopicId, schemaTopicId }: Ground, bytes: number): readonly Shape[] {
  const list = items(Math.floor(bytes / BYTES_AN_ITEM));
  const names = items(Math.min(1000, list.length)).map(({ word }) => [word, { type: 'string' }]);
  return [
    published({ title: 'filter and mask × array', topicId: filteredTopicId, data: { items: list } }),
    published({
      title: 'combining marks',
      topicId: filteredTopicId,
      data: { text: filling('\u0301\u0323', bytes) },
    }),
    published({ title: 'schema × data', topicId: schemaTopicId, data: { items: list } }),
    published({
      title: 'format of an address',
      topicId: schemaTopicId,
      data: { url: `http://a/${filling('%aa', bytes)}%` },
    }),
    {
      title: 'schema to be compiled (at most 1,000 names)',
      method: 'PATCH',
      path: `/v1/topics/${schemaTopicId}`,
      rawBody: JSON.stringify({ schema: { properties: Object.fromEntries(names) } }),
      as: 'owner',
    },
    {
      title: 'masked where over what was published',
      method: 'GET',
      path: `/v1/messages?topicId=${filteredTopicId}&limit=200&where=${encoded(MANY_CONDITIONS)}`,
      as: 'reader',
    },
  ];
}

type Published = { readonly title: string; readonly topicId: string; readonly data: unknown };

function published({ title, topicId, data }: Published): Shape {
  return publishedRaw({ title, topicId, data: JSON.stringify(data) });
}

function publishedRaw({ title, topicId, data }: Published & { readonly data: string }): Shape {
  const rawBody = `{"type":"car.chosen","data":${data}}`;
  return { title, method: 'POST', path: `/v1/topics/${topicId}/messages`, rawBody, as: 'owner' };
}

function filtersAndArrays({ filteredTopicId: topicId, readerId }: Ground): Shape[] {
  const lists = Array.from({ length: 100 }, () => items(50));
  return [
    published({ title: 'filter × array', topicId, data: { items: items(9000) } }),
    published({ title: 'filter × arrays in arrays', topicId, data: { items: lists } }),
    published({
      title: 'mask × wide object',
      topicId,
      data: Object.fromEntries(items(9000).map((one) => [one.word, one])),
    }),
    {
      title: 'a filter of many conditions is granted',
      method: 'PUT',
      path: `/v1/topics/${topicId}/grants/${readerId}`,
      rawBody: JSON.stringify(MASKED_GRANT),
      as: 'owner',
    },
  ];
}

function searches({ filteredTopicId }: Ground): Shape[] {
  const search = `/v1/messages?topicId=${filteredTopicId}&limit=200`;
  return [
    {
      title: 'where × array',
      method: 'GET',
      path: `${search}&where=${encoded(MANY_CONDITIONS)}`,
      as: 'owner',
    },
    {
      title: 'masked where',
      method: 'GET',
      path: `${search}&where=${encoded(MANY_CONDITIONS)}`,
      as: 'reader',
    },
    {
      title: 'masked where, deep',
      method: 'GET',
      path: `${search}&where=${encoded({ [`data${'.a'.repeat(60)}`]: { exists: true } })}`,
      as: 'reader',
    },
  ];
}

/** What the reader has of it all. */
export const MASKED_GRANT = {
  filter: { not: MANY_CONDITIONS },
  fields: { exclude: ['data.items.word', 'data.hidden'] },
};

function longTexts({ filteredTopicId: topicId }: Ground): Shape[] {
  const texts = {
    'combining marks': filling('\u0301'),
    'marks in turn': filling('\u0301\u0323'),
    'letters with marks': filling('a\u0301\u0323'),
    'a sign that grows': filling('\ufdfa'),
    'many words': items(30_000)
      .map(({ word }) => word)
      .join(' '),
    'one word': filling('x'),
  };
  return Object.entries(texts).map(([title, text]) => published({ title, topicId, data: { text } }));
}

function schemasAndData({ schemaTopicId: topicId }: Ground): Shape[] {
  return [published({ title: 'schema × data', topicId, data: { items: items(9000) } })];
}

function formats({ schemaTopicId: topicId }: Ground): Shape[] {
  return [
    published({ title: 'format uri', topicId, data: { url: `http://${filling('a')}` } }),
    published({ title: 'format uri, escapes', topicId, data: { url: `http://a/${filling('%aa')}%` } }),
    published({ title: 'format email', topicId, data: { email: `${filling('a.')}@` } }),
    published({ title: 'format date-time', topicId, data: { time: filling('1') } }),
  ];
}

function schemas({ schemaTopicId }: Ground): Shape[] {
  const nested = (depth: number, leaf: object): object =>
    depth === 0 ? leaf : { anyOf: [nested(depth - 1, leaf), nested(depth - 1, leaf)] };
  const doubling = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => [`d${n}`, { allOf: twice({ $ref: `#/$defs/d${n + 1}` }) }]),
  );
  const made: Record<string, object> = {
    'schema of many unions': nested(8, { type: 'string' }),
    'schema of many names': {
      properties: Object.fromEntries(items(1000).map(({ word }) => [word, { type: 'string' }])),
    },
    'schema of references that double': { $defs: { ...doubling, d20: {} }, $ref: '#/$defs/d0' },
    'schema of itself': { $ref: '#' },
    'schema with a pattern': { pattern: '^(a+)+$' },
    'schema that is asynchronous': { $async: true },
  };
  return Object.entries(made).map(([title, schema]) => ({
    title,
    method: 'PATCH',
    path: `/v1/topics/${schemaTopicId}`,
    // As it was, again and again: what is refused leaves it, what is taken must not stay.
    rawBody: JSON.stringify({ schema }),
    as: 'owner',
  }));
}

function twice(one: object): object[] {
  return [one, one];
}

function awkwardNames({ filteredTopicId: topicId, readerId }: Ground): Shape[] {
  const grant = (title: string, rawBody: string): Shape => ({
    title,
    method: 'PUT',
    path: `/v1/topics/${topicId}/grants/${readerId}`,
    rawBody,
    as: 'owner',
  });
  return [
    publishedRaw({ title: '_bsontype', topicId, data: '{"_bsontype":"X"}' }),
    publishedRaw({ title: '_bsontype within', topicId, data: '{"a":[{"_bsontype":"Long","low":1}]}' }),
    publishedRaw({ title: '__proto__', topicId, data: '{"__proto__":{"admin":true}}' }),
    publishedRaw({ title: '__proto__ within', topicId, data: '{"a":{"constructor":{"__proto__":1}}}' }),
    grant('__proto__ in a filter', '{"filter":{"__proto__":{"data.a":1}}}'),
    grant('__proto__ in a path', '{"filter":{"data.__proto__.a":1}}'),
    publishedRaw({ title: 'a name that comes twice', topicId, data: '{"a":1,"a":2}' }),
    publishedRaw({ title: 'deep lists', topicId, data: `${'['.repeat(5000)}${']'.repeat(5000)}` }),
  ];
}

function numbers({ filteredTopicId, schemaTopicId }: Ground): Shape[] {
  const digits = '9'.repeat(LARGE);
  const where = (number: string) => encodeURIComponent(`{"data.n":{"gt":${number}}}`);
  const search = `/v1/messages?topicId=${filteredTopicId}`;
  return [
    publishedRaw({ title: 'a number of many digits', topicId: filteredTopicId, data: `{"n":${digits}}` }),
    publishedRaw({
      title: 'such a number × schema',
      topicId: schemaTopicId,
      data: `{"items":[{"n":${digits}}]}`,
    }),
    publishedRaw({
      title: 'huge exponents',
      topicId: schemaTopicId,
      data: '{"items":[{"n":1e999999},{"n":1e-999999}]}',
    }),
    publishedRaw({ title: 'many numbers', topicId: filteredTopicId, data: `[${'1e400,'.repeat(30_000)}0]` }),
    {
      title: 'huge numbers in where',
      method: 'GET',
      path: `${search}&where=${where('1e1000000')}`,
      as: 'owner',
    },
    {
      title: 'many digits in where',
      method: 'GET',
      path: `${search}&where=${where('9'.repeat(1000))}`,
      as: 'owner',
    },
  ];
}
