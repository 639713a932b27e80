import type { IdPrefix } from '@anika/core/ids';

/** Ids that exist, by their prefix, and endpoints that answer. */
export type KnownIds = Partial<Readonly<Record<IdPrefix | 'url', readonly string[]>>>;

type Json = Readonly<Record<string, unknown>>;

/** What the ids in paths are of: the word before the parameter. */
const PREFIXES: Readonly<Record<string, IdPrefix>> = {
  topics: 'top',
  subscriptions: 'sub',
  messages: 'msg',
  deliveries: 'dlv',
  users: 'usr',
  'api-keys': 'key',
  'access-requests': 'req',
  partners: 'par',
  grants: 'grt',
  sessions: 'ses',
  invitations: 'inv',
  replays: 'rpl',
  erasures: 'era',
};

/** Who calls these is signed out, and nothing is tried any more. */
const ENDS_ITSELF = ['endSessions'];

/**
 * The same OpenAPI document, in which each place of an id offers ids that exist beside all others: what is made up
 * from it gets past "not found" half of the time. What it allows stays the same. Only the first half of the ids of
 * each kind is offered for deletion, so that the other operations find something to the end.
 */
export function withKnownIds(openApi: unknown, known: KnownIds): Json {
  const document = asJson(openApi);
  const paths = Object.entries(asJson(document.paths)).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(asJson(methods))
        .filter(([, operation]) => !ENDS_ITSELF.includes(String(asJson(operation).operationId)))
        .map(([method, operation]) => [
          method,
          withIdsOfOperation(asJson(operation), path, method === 'delete' ? firstHalf(known) : known),
        ]),
    ),
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}

function withIdsOfOperation(operation: Json, path: string, known: KnownIds): Json {
  const parameters = Array.isArray(operation.parameters) ? operation.parameters : [];
  return {
    ...operation,
    ...(parameters.length > 0 && {
      parameters: parameters.map((parameter: Json) =>
        parameter.in === 'path'
          ? { ...parameter, schema: offer(parameter.schema, idsInPath(path, String(parameter.name), known)) }
          : { ...parameter, schema: offerByName(parameter.schema, known, String(parameter.name)) },
      ),
    }),
    ...(operation.requestBody !== undefined && { requestBody: offerByName(operation.requestBody, known) }),
  };
}

/** What kind of id a parameter of a path takes. */
export function prefixInPath(path: string, parameter: string): IdPrefix | undefined {
  if (parameter === 'partnerId') return 'par';
  const parts = path.split('/');
  return PREFIXES[parts[parts.indexOf(`{${parameter}}`) - 1] ?? ''];
}

function firstHalf(known: KnownIds): KnownIds {
  return Object.fromEntries(
    Object.entries(known).map(([prefix, ids]) => [prefix, ids.slice(0, Math.ceil(ids.length / 2))]),
  );
}

function idsInPath(path: string, parameter: string, known: KnownIds): readonly string[] {
  const prefix = prefixInPath(path, parameter);
  return (prefix !== undefined && known[prefix]) || [];
}

/** What an id, or an endpoint, is called in bodies and queries. */
const NAMES: Readonly<Record<string, keyof KnownIds>> = {
  topicId: 'top',
  subscriptionId: 'sub',
  messageId: 'msg',
  partnerId: 'par',
  audience: 'par',
  url: 'url',
};

function offerByName(schema: unknown, known: KnownIds, name = ''): unknown {
  if (Array.isArray(schema)) return schema.map((inner) => offerByName(inner, known));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { type, items } = asJson(schema);
  const kind = NAMES[name];
  if (kind !== undefined && type === 'string') return offer(schema, known[kind] ?? []);
  if (kind !== undefined && type === 'array') return { ...schema, items: offerByName(items, known, name) };
  return Object.fromEntries(
    Object.entries(schema).map(([member, inner]) => [member, offerByName(inner, known, member)]),
  );
}

function offer(schema: unknown, ids: readonly string[]): unknown {
  return ids.length === 0 ? schema : { anyOf: [{ type: 'string', enum: ids }, schema] };
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
