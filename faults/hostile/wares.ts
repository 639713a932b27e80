import { randomBytes } from 'node:crypto';

/** The body of a message with this data. */
export function message(data: unknown): Buffer {
  return Buffer.from(JSON.stringify({ type: 'car.chosen', data }));
}

export function filler(bytes: number): string {
  return 'x'.repeat(bytes);
}

/** No two alike: each is to be found by. */
export function manyWords(bytes: number): string {
  const words: string[] = [];
  for (let length = 0, n = 0; length < bytes - 10; n += 1) {
    const word = `w${n.toString(36)}`;
    words.push(word);
    length += word.length + 1;
  }
  return words.join(' ');
}

/** Messages, as texts, that a store, its driver or a parser may take for something else than data. */
export const UNSTORABLE: readonly string[] = [
  '{"_bsontype":"X"}',
  '{"a":{"_bsontype":"ObjectId","id":"x"}}',
  '{"_bsontype":"Long","low":1,"high":1}',
  '[{"_bsontype":"Code","code":1}]',
  '{"$numberDecimal":"x"}',
  '{"toBSON":1,"toJSON":2}',
  '{"__proto__":{"_bsontype":"X"}}',
  '{"a\\u0000b":1}',
  '{"\\ud800":1}',
  `{"n":1${'0'.repeat(400)}}`,
  '{"a.b":{"$c":1},"":{"":{}}}',
].map((data) => `{"type":"car.chosen","data":${data}}`);

/** Of the form that keys had before they ended with a check: only the database knows that nobody has it. */
export function falseKey(): string {
  return `ank_${randomBytes(32).toString('base64url')}`;
}

/** 60 conditions on the items of an array, none of which holds, and words that are looked for in vain. */
export function costlySearches(topicId: string): readonly string[] {
  const conditions = (count: number, one: (n: number) => object) => ({
    or: Array.from({ length: count }, (_, n) => one(n)),
  });
  const filters = [
    conditions(60, (n) => ({ 'data.items.n': { gt: 100_000 + n } })),
    conditions(60, (n) => ({ 'data.items.word': { prefix: `nothing${n}` } })),
    conditions(60, (n) => ({ 'data.items.more': `nothing${n}` })),
  ];
  const path = `/v1/messages?topicId=${topicId}&limit=200`;
  return [
    ...filters.map((filter) => `${path}&where=${encodeURIComponent(JSON.stringify(filter))}`),
    `${path}&q=w1%20w2%20w3%20nothing`,
    `${path}&q=w`,
  ];
}
