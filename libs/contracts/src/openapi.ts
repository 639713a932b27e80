import type { Scope } from '@anika/core/access';
import { FAILURES, type FailureCode } from '@anika/core/failures';
import {
  extendZodWithOpenApi,
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { ALL_ROUTES } from './all-routes.ts';
import { problem } from './common.ts';
import type { RouteContract } from './route.ts';
import { cloudEvent, webhookBody, webhookHeaders } from './webhook.ts';

extendZodWithOpenApi(z);

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

type Options = {
  readonly version: string;
  readonly serverUrl: string | undefined;
  /** The HTTP status of each failure code. */
  readonly statusOf: Readonly<Record<FailureCode, number>>;
};

const DESCRIPTION = `Event broker between partner companies.

A company owns **topics**, **grants** other companies access to them and publishes **messages**; every authorised
**subscription** gets each message on its own endpoint, signed after
[Standard Webhooks](https://www.standardwebhooks.com/). Errors are problem documents (RFC 9457): the schema \`Problem\`, below. Lists are paged:
\`limit\` and \`cursor\`. Times are ISO 8601, UTC.

**Filter language** (\`filter\`, \`where\`): an object of paths (\`type\`, \`key\`, \`data.a.b\`) to a value or to
operators \`eq ne in nin gt gte lt lte exists prefix\`, with \`and\`, \`or\`, \`not\`; at most 64 conditions, 8 levels. A path
that leads nowhere has no value; a condition holds when it holds for any item of an array, of the first 1,000; numbers
compare by decimal value. docs/filters.md has examples.`;

const requestId = {
  description: 'The request id, the given one or a new one',
  schema: { type: 'string' },
} as const;

/** OpenAPI 3.1, made from the very contracts that requests are parsed with. */
export function buildOpenApi(options: Options): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token, or an API key `ank_…`',
  });
  for (const contract of inReadingOrder(ALL_ROUTES)) registry.registerPath(operationOf(contract, options));
  registry.registerWebhook(webhook);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'ANIKA API', version: options.version, description: DESCRIPTION },
    ...(options.serverUrl !== undefined && { servers: [{ url: options.serverUrl }] }),
  });
  for (const contract of ALL_ROUTES) {
    setQueryExamples(document, contract);
    shareFailures(document, contract, options);
  }
  return document;
}

/** What is not for partners comes last. */
function inReadingOrder(routes: readonly RouteContract[]): RouteContract[] {
  return routes.toSorted((a, b) => Number(isInternal(a.path)) - Number(isInternal(b.path)));
}

function isInternal(path: string): boolean {
  return path.startsWith('/internal/');
}

/** Pages put examples of parameters into the request to try: of optional ones only those that belong together. */
function setQueryExamples(document: OpenApiDocument, { path, method, example }: RouteContract): void {
  for (const parameter of document.paths?.[path]?.[method]?.parameters ?? []) {
    if (!('in' in parameter) || parameter.in !== 'query') continue;
    if (!parameter.required && parameter.schema !== undefined && 'example' in parameter.schema) {
      delete parameter.schema.example;
    }
    const value = example?.query?.[parameter.name];
    if (value !== undefined) parameter.example = value;
  }
}

function operationOf(contract: RouteContract, options: Options): RouteConfig {
  const { success } = contract;
  const isPublic = contract.access === 'public';
  return {
    operationId: contract.id,
    method: contract.method,
    path: contract.path,
    summary: contract.summary,
    description: [contract.description, accessText(contract)].filter(Boolean).join('\n\n'),
    tags: [tagOf(contract.path)],
    security: isPublic ? [] : [{ bearer: [] }],
    request: {
      ...(contract.params && { params: contract.params as z.ZodObject }),
      ...(contract.query && { query: contract.query as z.ZodObject }),
      ...(contract.headers && { headers: contract.headers }),
      ...(contract.body && {
        body: {
          required: !contract.body.safeParse(undefined).success,
          content: {
            'application/json': {
              schema: contract.body,
              ...(contract.example?.body !== undefined && { example: contract.example.body }),
            },
            ...contract.alsoTakes,
          },
        },
      }),
    },
    responses: {
      [success.status]: {
        description: success.description,
        headers: { 'X-Request-Id': requestId, ...answerHeaders(success.headers) },
        ...(success.schema && { content: { 'application/json': { schema: success.schema } } }),
        ...(success.contentType && { content: { [success.contentType]: textOf(success.contentType) } }),
      },
      ...(success.also && {
        [success.also.status]: {
          description: success.also.description,
          headers: { 'X-Request-Id': requestId },
          content: { 'application/json': { schema: success.also.schema } },
        },
      }),
      ...failureResponses(contract, options),
    },
    ...(contract.access !== 'public' && {
      'x-anika-roles': contract.access.roles,
      'x-anika-scope': contract.access.scope,
    }),
  };
}

/** OpenAPI 3.1 has no word for the events of a stream, and a text would be taken for the schema of each. */
function textOf(contentType: string) {
  return contentType === 'text/event-stream' ? {} : { schema: z.string() };
}

function answerHeaders(headers: Readonly<Record<string, string>> = {}) {
  const schema = { type: 'string' } as const;
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema }]),
  );
}

function accessText({ access }: RouteContract): string {
  if (access === 'public') return 'Open to anyone.';
  return `Roles: ${access.roles.join(', ')}; ${keysText(access.scope)}.`;
}

function keysText(scope: Scope | 'any' | 'none'): string {
  if (scope === 'none') return 'not for API keys';
  return scope === 'any' ? 'any API key' : `API keys with the scope \`${scope}\``;
}

function tagOf(path: string): string {
  const [first = 'api', second] = path.replace('/v1/', '').replace(/^\//, '').split('/');
  if (first === 'topics' && path.includes('/messages')) return 'messages';
  if (first === 'topics' && path.includes('/grants')) return 'grants';
  if (first === 'topics' && path.includes('access-requests')) return 'access-requests';
  return first === '.well-known' ? 'auth' : (first ?? second);
}

/** Every code a route can answer: its own, and those every route of its kind has. */
export function failuresOf(contract: RouteContract): FailureCode[] {
  const parsed = contract.params ?? contract.query ?? contract.body;
  return [
    ...new Set<FailureCode>([
      ...(contract.body ? (['invalid-json', 'unsupported-media-type', 'payload-too-large'] as const) : []),
      ...(parsed ? (['validation-failed'] as const) : []),
      ...(contract.access === 'public' ? [] : (['unauthenticated', 'forbidden'] as const)),
      ...(asksForFactor(contract) ? (['totp-setup-required'] as const) : []),
      ...(contract.failures ?? []),
      'rate-limited',
      'unavailable',
      'internal',
    ]),
  ];
}

/** Operators belong to no company that could demand one. */
function asksForFactor({ access, openWithoutFactor }: RouteContract): boolean {
  return (
    access !== 'public' && openWithoutFactor !== true && access.roles.some((role) => role !== 'operator')
  );
}

function failuresByStatus(
  contract: RouteContract,
  { statusOf }: Pick<Options, 'statusOf'>,
): ReadonlyMap<number, readonly FailureCode[]> {
  const byStatus = new Map<number, FailureCode[]>();
  for (const code of failuresOf(contract)) {
    byStatus.set(statusOf[code], [...(byStatus.get(statusOf[code]) ?? []), code]);
  }
  return byStatus;
}

function failureResponses(contract: RouteContract, options: Options): RouteConfig['responses'] {
  return Object.fromEntries(
    [...failuresByStatus(contract, options)].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${FAILURES[code].title}`).join('; '),
        headers: { 'X-Request-Id': requestId },
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

/** The same codes of one status are one component, whichever route answers them. */
function shareFailures(document: OpenApiDocument, contract: RouteContract, options: Options): void {
  const responses = document.paths?.[contract.path]?.[contract.method]?.responses;
  for (const [status, codes] of failuresByStatus(contract, options)) {
    const name = [status, ...codes].join('_');
    document.components = {
      ...document.components,
      responses: { ...document.components?.responses, [name]: responses?.[status] },
    };
    if (responses !== undefined) responses[status] = { $ref: `#/components/responses/${name}` };
  }
}

const webhook: RouteConfig = {
  method: 'post',
  path: 'message',
  summary: 'What ANIKA sends to an endpoint',
  description:
    'Signed after Standard Webhooks 1.0. Answer 2xx within the time-out to take it; 410 to stop the subscription. ' +
    'Anything else is tried again; the same `webhook-id` may come twice.',
  tags: ['webhooks'],
  request: {
    headers: webhookHeaders.omit({ 'content-type': true, 'user-agent': true }),
    body: {
      content: {
        'application/json': { schema: webhookBody },
        'application/cloudevents+json': { schema: cloudEvent },
      },
    },
  },
  responses: { 204: { description: 'Taken' } },
};
