import type { Args } from '@anika/client/client';
import type { Access, RouteContract } from '@anika/contracts/route';
import { JsonText, writeExact } from '@anika/core/exact-json';
import type { z } from 'zod';
import { prettyJson } from '../ui/pretty-json.ts';

/** A call as somebody could make it without the console. */
export type ApiCall = {
  readonly route: RouteContract;
  readonly params: ReadonlyMap<string, unknown>;
  readonly query: ReadonlyMap<string, unknown>;
  readonly body: unknown;
};

/** Any call, when its types have done their work. */
type Given = {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
};

/** The call that a form or a list makes, with what it would be given now. */
export function apiCall<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
  route: RouteContract<P, Q, B, S>,
  ...[given]: Args<P, Q, B>
): ApiCall {
  const { params, query, body }: Given = given ?? {};
  return { route, params: membersOf(params), query: membersOf(query), body };
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

/** What opens a route, for whoever writes a program: a key with a scope, a person's token, or nothing. */
export type Opener = { readonly kind: 'key'; readonly scope: string } | { readonly kind: 'token' | 'none' };

export function openerOf(access: Access): Opener {
  if (access === 'public') return { kind: 'none' };
  if (access.scope === 'none') return { kind: 'token' };
  return { kind: 'key', scope: access.scope };
}

const VARIABLES = { key: 'ANIKA_KEY', token: 'ANIKA_TOKEN' } as const;

/** Of a shell: a POSIX one, whose variable carries what is secret. */
export function curlOf(call: ApiCall, baseUrl: string): string {
  const { method, access, success } = call.route;
  const opener = openerOf(access);
  const body = bodyOf(call);
  const options = [
    ...(method === 'get' ? [] : [`-X ${method.toUpperCase()}`]),
    ...(success.contentType === 'text/event-stream' ? ['-N'] : []),
    quoted(urlOf(call, baseUrl)),
  ].join(' ');
  return [
    `curl ${options}`,
    ...(opener.kind === 'none' ? [] : [`-H "Authorization: Bearer $${VARIABLES[opener.kind]}"`]),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `--data ${quoted(prettyJson(body))}`]),
  ].join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const REFUSED = 'if (!response.ok) throw new Error(response.status + ": " + (await response.text()));';

/** Of Node, Deno, Bun or a browser: nothing but `fetch`. */
export function typescriptOf(call: ApiCall, baseUrl: string): string {
  const { method, access, success } = call.route;
  const opener = openerOf(access);
  const body = bodyOf(call);
  const headers = [
    ...(opener.kind === 'none'
      ? []
      : [`    Authorization: \`Bearer \${process.env.${VARIABLES[opener.kind]}}\`,`]),
    ...(body === undefined ? [] : ["    'Content-Type': 'application/json',"]),
  ];
  const isJson = success.schema !== undefined && success.contentType === undefined;
  return [
    `const response = await fetch(${JSON.stringify(urlOf(call, baseUrl))}, {`,
    ...(method === 'get' ? [] : [`  method: '${method.toUpperCase()}',`]),
    ...(headers.length === 0 ? [] : ['  headers: {', ...headers, '  },']),
    ...(body === undefined ? [] : [`  body: ${literalOf(body)},`]),
    '});',
    REFUSED,
    ...(isJson ? ['const answer = await response.json();'] : []),
  ].join('\n');
}

/** As an object where that keeps every digit; else as the text itself. */
function literalOf(body: string): string {
  const compact = body.replaceAll(/\s/g, '');
  const isExact = JSON.stringify(JSON.parse(body)).replaceAll(/\s/g, '') === compact;
  return isExact ? `JSON.stringify(${prettyJson(body, '  ')})` : `'${body.replaceAll(/[\\']/g, '\\$&')}'`;
}

function urlOf({ route, params, query }: ApiCall, baseUrl: string): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(String(params.get(name) ?? `{${name}}`)),
  );
  const asked = new URLSearchParams();
  for (const [name, value] of query) if (value !== undefined) asked.append(name, String(value));
  return `${baseUrl}${path}${asked.size === 0 ? '' : `?${asked}`}`;
}

/** Whatever the contracts call by one of these names opens something. */
const SECRET = /^(?:secret|token|code|recoveryCode|(?:current|new)?password)$/i;
const HIDDEN = '…';

function bodyOf({ body }: ApiCall): string | undefined {
  return body === undefined ? undefined : writeExact(withoutSecrets(body));
}

/** Of a request's own members; what a company's messages and filters hold is theirs. */
function withoutSecrets(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || body instanceof JsonText || Array.isArray(body))
    return body;
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, withoutSecret(name, value)]));
}

function withoutSecret(name: string, value: unknown): unknown {
  if (SECRET.test(name) && typeof value === 'string') return HIDDEN;
  const isHeaders = name === 'headers' && typeof value === 'object' && value !== null;
  return isHeaders ? Object.fromEntries(Object.keys(value).map((header) => [header, HIDDEN])) : value;
}
