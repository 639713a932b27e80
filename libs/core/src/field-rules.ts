/**
 * What may be wrong with a field beyond the form that a contract gives it: in English, for whoever reads an answer, and
 * by a name and its values, for a page that says it in another language.
 */
const RULES = {
  // texts
  'hidden-character': ({ code }: { code: string }) => `must not hold ${code}, which nobody sees`,
  'control-character': () => 'must not hold control characters',
  'repeated-name': () => 'comes twice in one object',
  'message-type': () => 'must be 1–128 of A–Z a–z 0–9 _ . -',
  'reserved-type': () =>
    'must not be "anika" or begin with "anika.", in whatever case: those are events of ANIKA itself',
  // passwords and codes
  'password-guessable': ({ count }: { count: number }) =>
    `is easy to guess: it needs at least ${count} different characters besides a common word, sequences and repeats`,
  'password-names-user': () => 'must not hold the name of the email address',
  'password-short': ({ count }: { count: number }) => `must have at least ${count} characters`,
  'wrong-password': () => 'is not the password of this account',
  'wrong-code': () => 'is wrong, or was used before',
  'wrong-first-code': () => 'is wrong: is the clock of the device right?',
  // times
  'not-in-future': () => 'must lie in the future',
  'beyond-years': () => 'must lie between the years 1970 and 9999 of UTC',
  'in-future': () => 'must not lie in the future',
  'too-long-ago': ({ count }: { count: number }) => `must lie at most ${count} days ago`,
  'too-far-ahead': ({ count }: { count: number }) => `must be at most ${count} days ahead`,
  'not-before-to': () => 'must lie before to, and in the past',
  'range-too-long': ({ count }: { count: number }) => `must lie at most ${count} days before to`,
  // paths and filters
  'mask-path': () => 'must be a path such as data.customer.phone or data.items.*.price, or exactly key',
  'mask-path-meant': ({ path }: { path: string }) =>
    `must be a path such as data.customer.phone or data.items.*.price, or exactly key: perhaps ${path} is meant`,
  'mask-arrays': ({ count }: { count: number }) =>
    `names more than ${count} different arrays with *; a path leads through arrays without it`,
  'path-not-in-schema': ({ count }: { count: number }) =>
    `the topic's schema does not know it, and none of its newest messages (${count} looked at) has it`,
  'path-nowhere': ({ count }: { count: number }) =>
    `the topic has no schema, and none of its newest messages (${count} looked at) has it`,
  'path-not-looked-for': () => 'it could not be looked for in messages: MongoDB does not answer',
  'not-in-data': () => 'must begin with data.',
  'filter-depth': ({ count }: { count: number }) => `is nested more than ${count} levels deep`,
  'filter-size': ({ count }: { count: number }) => `has more than ${count} conditions`,
  'filter-object': () => 'must be an object of conditions',
  'filter-list': () => 'must be an array of at least one filter',
  'filter-path': () => 'is not a known path: use type, key, data or data.<name>.<name>',
  'filter-path-depth': () => 'is too deep a path',
  'filter-no-operator': () => 'has no operator',
  'filter-operator': () => 'is not an operator: use eq, ne, in, nin, gt, gte, lt, lte, exists or prefix',
  'filter-exists': () => 'must be true or false',
  'filter-values': ({ count }: { count: number }) => `must be an array of 1 to ${count} values`,
  'filter-value': () => 'must be a text, a number, true, false or null, as the operator allows',
  'filter-digits': ({ count }: { count: number }) => `has more than ${count} digits`,
  'filter-exponent': ({ count }: { count: number }) => `has an exponent beyond ${count}`,
  'filter-prefix': () => 'must be a non-empty text',
  'filter-text': ({ count }: { count: number }) => `is longer than ${count} characters`,
  'filter-character': () => 'holds a character that no message can hold',
  // a topic's schema
  'schema-size': ({ count }: { count: number }) => `must be at most ${count} bytes`,
  'schema-expanded': ({ parts, levels }: { parts: number; levels: number }) =>
    `must have at most ${parts} parts and ${levels} levels once each $ref is followed, and no circle`,
  'schema-ref': () => 'must name a part of this schema',
  'schema-keyword': ({ dialect }: { dialect: string }) =>
    `must not be used: it is no keyword that ANIKA checks (${dialect})`,
  // data that a topic's schema does not let in
  'data-required': () => 'is required',
  'data-not-allowed': () => 'is not allowed here',
  'data-type': ({ types }: { types: string }) => `must be ${types}`,
  'data-const': ({ value }: { value: string }) => `must be ${value}`,
  'data-enum': ({ values }: { values: string }) => `must be one of ${values}`,
  'data-minimum': ({ limit }: { limit: string }) => `must be at least ${limit}`,
  'data-maximum': ({ limit }: { limit: string }) => `must be at most ${limit}`,
  'data-above': ({ limit }: { limit: string }) => `must be more than ${limit}`,
  'data-below': ({ limit }: { limit: string }) => `must be less than ${limit}`,
  'data-format': ({ format }: { format: string }) => `must be a text of the format ${format}`,
  'data-depth': ({ max, count }: { max: number; count: number }) =>
    `must be at most ${max} levels deep, this has ${count}`,
  // endpoints
  'url-long': ({ count }: { count: number }) => `it is longer than ${count} characters`,
  'url-long-encoded': ({ count }: { count: number }) =>
    `it is longer than ${count} characters once it is encoded`,
  'url-characters': () => 'it holds white space, control characters or a backslash',
  'url-none': () => 'it is not a URL',
  'url-https': () => 'it must begin with https://',
  'url-credentials': () => 'it holds credentials; use a header instead',
  'url-denied': ({ host }: { host: string }) => `the host ${host} is not allowed by this installation`,
  'url-port': ({ port }: { port: string }) => `port ${port} is not one for web servers`,
  'url-address': ({ host }: { host: string }) => `the address ${host} is not on the public internet`,
  'url-host': () => 'its host is not a valid name',
  'url-name': ({ host }: { host: string }) => `the name ${host} is not on the public internet`,
  'secret-form': () => 'must be "whsec_" and the base64 of 24 to 64 bytes',
  'signed-form': () =>
    'cannot be cloudevents-binary with signature ed25519: take cloudevents-structured, or hmac',
} as const;

type Rules = typeof RULES;
export type FieldRule = keyof Rules;
export const FIELD_RULES = Object.keys(RULES) as readonly FieldRule[];
export type RuleValues = Readonly<Record<string, string | number>>;

/** What is wrong with a field, in words and for programs. */
export type Said = { readonly message: string; readonly rule: FieldRule; readonly values?: RuleValues };

type Unnamed = { readonly message: string; readonly rule?: undefined };
/** What is wrong with a field, where not every rule has a name. */
export type Words = Said | Unnamed;

/** Plain words are of no named rule. */
export function wordsOf(what: string | Said): Words {
  return typeof what === 'string' ? { message: what } : what;
}

/** `said('too-far-ahead', { count: 30 })` */
export function said<R extends FieldRule>(rule: R, ...[values]: Parameters<Rules[R]>): Said {
  // The parameters of the one are those of the other.
  const words = RULES[rule] as (values: RuleValues | undefined) => string;
  return { message: words(values), rule, ...(values !== undefined && { values }) };
}

/** Whether this is what `said` gave: for who gets it back from where nothing has a type. */
export function isSaid(value: unknown): value is Said {
  if (typeof value !== 'object' || value === null || !('rule' in value) || !('message' in value))
    return false;
  return (
    typeof value.message === 'string' && typeof value.rule === 'string' && Object.hasOwn(RULES, value.rule)
  );
}
