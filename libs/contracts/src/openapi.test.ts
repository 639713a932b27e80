import { FAILURES, type FailureCode } from '@anika/core/failures';
import { describe, expect, it } from 'vitest';
import { ALL_ROUTES } from './all-routes.ts';
import { buildOpenApi } from './openapi.ts';

const CODES = Object.keys(FAILURES) as FailureCode[];
/** Every code a status of its own, so that a wrong group would show. */
const statusOf = Object.fromEntries(CODES.map((code, index) => [code, 400 + index])) as Record<
  FailureCode,
  number
>;

type Json = Readonly<Record<string, unknown>>;
type Parameter = {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly example?: unknown;
  readonly schema?: Json;
};
type Answer = {
  readonly $ref?: string;
  readonly description: string;
  readonly headers?: Json;
  readonly content?: Json;
};
type Operation = {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Answer>>;
  readonly 'x-anika-roles'?: readonly string[];
  readonly 'x-anika-scope'?: string;
};
type Document = {
  readonly openapi: string;
  readonly servers?: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Json;
};

/** As a client gets it. */
function served(serverUrl?: string): Document {
  return JSON.parse(JSON.stringify(buildOpenApi({ version: '1.2.3', serverUrl, statusOf })));
}

const document = served();
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

function operation(id: string): Operation {
  const found = operations.find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

/** An answer of an operation, with what it refers to. */
function answerOf(id: string, status: number | string): Answer | undefined {
  const answer = operation(id).responses[status];
  return answer?.$ref === undefined ? answer : (resolve(answer.$ref) as Answer);
}

function resolve(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((value, part) => (value as Json | undefined)?.[part], document);
}

describe('buildOpenApi()', () => {
  it('describes every route of the API, and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
    );
    expect(described.sort()).toEqual(
      ALL_ROUTES.map(({ id, method, path }) => `${id} ${method} ${path}`).sort(),
    );
  });

  it('gives each operation an id of its own', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no reference that leads nowhere', () => {
    const all = [...new Set(references(document))];
    expect(all.length).toBeGreaterThan(5);
    for (const reference of all) expect(resolve(reference), reference).toBeTypeOf('object');
  });

  it('names every variable of a path as a required parameter', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { operationId, parameters = [] } of Object.values(methods)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path');
        expect(inPath.map(({ name }) => name).sort(), operationId).toEqual(variables.sort());
        expect(
          inPath.every(({ required }) => required),
          operationId,
        ).toBe(true);
      }
    }
  });

  it.each(ALL_ROUTES.map((route) => [route.id, route] as const))(
    '%s: who may call, what it takes, what it answers',
    (id, route) => {
      const { security, requestBody, responses, tags, ...extensions } = operation(id);
      const isPublic = route.access === 'public';
      expect(security).toEqual(isPublic ? [] : [{ bearer: [] }]);
      expect(extensions['x-anika-roles']).toEqual(route.access === 'public' ? undefined : route.access.roles);
      expect(extensions['x-anika-scope']).toEqual(route.access === 'public' ? undefined : route.access.scope);
      expect(requestBody !== undefined).toBe(route.body !== undefined);
      expect(tags).toHaveLength(1);
      expect(responses[route.success.status]?.description).toBe(route.success.description);
      for (const status of Object.keys(responses))
        expect(answerOf(id, status)?.headers).toHaveProperty('X-Request-Id');
    },
  );

  it('lists the codes a route answers by status, as problem documents', () => {
    const { responses } = operation('publishMessage');
    const codes: FailureCode[] = [
      'invalid-json',
      'unsupported-media-type',
      'payload-too-large',
      'validation-failed',
      'unauthenticated',
      'forbidden',
      'totp-setup-required',
      'not-found',
      'idempotency-mismatch',
      'recalled',
      'schema-mismatch',
      'limit-reached',
      'rate-limited',
      'unavailable',
      'internal',
    ];
    expect(Object.keys(responses).sort()).toEqual(
      ['202', ...codes.map((code) => `${statusOf[code]}`)].sort(),
    );
    for (const code of codes) {
      expect(answerOf('publishMessage', statusOf[code])?.description).toContain(code);
      expect(answerOf('publishMessage', statusOf[code])?.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  });

  it('describes failures in components, the same ones in one for all routes', () => {
    const failures = operations.flatMap(({ responses }) =>
      Object.entries(responses).filter(([status]) => Number(status) >= 400),
    );
    for (const [, answer] of failures) expect(Object.keys(answer)).toEqual(['$ref']);
    const [first, second] = [operation('publishMessage'), operation('getTopic')];
    const missing = statusOf['not-found'];
    expect(first.responses[missing]).toEqual(second.responses[missing]);
    expect(new Set(failures.map(([, { $ref }]) => $ref)).size).toBeLessThan(failures.length / 5);
  });

  it('begins with what partners use, and ends with what only the gateway does', () => {
    const internal = operations.map(({ tags }) => tags.includes('internal'));
    expect(internal.indexOf(true)).toBe(operations.length - 1);
    expect(operations.at(-1)?.operationId).toBe('verifyForGateway');
  });

  it('offers no id that is nobody’s as a value of an optional parameter', () => {
    const examples = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters
        .filter(({ in: place, required }) => place === 'query' && !required)
        .filter(({ example, schema }) => example !== undefined || schema?.example !== undefined)
        .map(({ name }) => `${operationId} ${name}`),
    );
    expect(examples).toEqual([
      'searchMessages type',
      'searchMessages q',
      'searchMessages where',
      'listTopicDeliveries state',
      'listTopicDeliveries from',
      'listNotices type',
      'stream kinds',
      'stream seconds',
      'stats id', // without one there is nothing to be shown
      'stats step',
      'explainMessage limit',
      'opsEndpoints order',
    ]);
  });

  it('groups codes of one status in one answer', () => {
    const same = Object.fromEntries(CODES.map((code) => [code, 422])) as Record<FailureCode, number>;
    const shared = buildOpenApi({ version: '1', serverUrl: undefined, statusOf: same });
    const answers = shared.paths?.['/v1/topics/{id}/messages']?.post?.responses;
    expect(Object.keys(answers ?? {}).sort()).toEqual(['202', '422']);
  });

  it('tells of no credential failure where none is asked for', () => {
    const { responses } = operation('jwks');
    expect(responses).not.toHaveProperty(String(statusOf.unauthenticated));
    expect(responses).not.toHaveProperty(String(statusOf.forbidden));
  });

  it('documents idempotent publishing: the request header and the header of a replay', () => {
    const { parameters = [], responses } = operation('publishMessage');
    expect(parameters).toContainEqual(expect.objectContaining({ in: 'header', name: 'Idempotency-Key' }));
    expect(parameters.find(({ name }) => name === 'Idempotency-Key')?.required).not.toBe(true);
    expect(responses[202]?.headers).toHaveProperty('Idempotency-Replayed');
  });

  it('has no schema for a stream of events, which would be one of each event', () => {
    expect(answerOf('stream', 200)?.content).toEqual({ 'text/event-stream': {} });
  });

  it('marks a body required only where one must be sent', () => {
    expect(operation('createTopic').requestBody?.required).toBe(true);
    expect(operation('putGrant').requestBody?.required).not.toBe(true);
  });

  it('describes the request that endpoints receive', () => {
    const webhook = document.webhooks.message?.post;
    expect(webhook?.parameters?.map(({ name }) => name)).toEqual([
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
      'traceparent',
      'anika-subscription-id',
      'anika-delivery-id',
      'anika-attempt',
    ]);
    expect(webhook?.requestBody).toBeDefined();
  });

  it('names the server when its address is known', () => {
    expect(document.servers).toBeUndefined();
    expect(served('https://anika.example').servers).toEqual([{ url: 'https://anika.example' }]);
  });
});
