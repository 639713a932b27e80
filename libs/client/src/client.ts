import { type Problem, problem } from '@anika/contracts/common';
import type { RouteContract } from '@anika/contracts/route';
import { writeExact } from '@anika/core/exact-json';
import type { z } from 'zod';

/** What a call is given, of the route's own types; left out where the route takes none. */
export type Call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', P> &
  Part<'query', Q> &
  Part<'body', B> & { readonly idempotencyKey?: string; readonly signal?: AbortSignal };

type Nothing = Record<never, never>;

/** A route without such a part has the type of any schema there, whose input is unknown. */
type Part<Name extends string, S extends z.ZodType> =
  unknown extends z.input<S>
    ? Nothing
    : Nothing extends z.input<S>
      ? { readonly [N in Name]?: z.input<S> }
      : { readonly [N in Name]: z.input<S> };

export type Accepted<T> = {
  readonly ok: true;
  readonly status: number;
  readonly headers: Headers;
  /** Of the contract's schema; undefined where it has none. */
  readonly data: T;
  /** The body as it came. */
  readonly text: string;
};

export type Refused = {
  readonly ok: false;
  readonly status: number;
  readonly headers: Headers;
  readonly problem: Problem;
};

/** An answer that no contract knows: of something between, or of another version. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly status: number;
  readonly text: string;

  constructor(route: RouteContract, answer: { status: number; text: string; cause?: unknown }) {
    super(`${nameOf(route)} answered ${answer.status} with what its contract does not have`, {
      cause: answer.cause,
    });
    this.status = answer.status;
    this.text = answer.text;
  }
}

export interface ClientOptions {
  /** Of the API; the paths of the routes follow. */
  readonly baseUrl: string;
  /** An access token or an API key; none for what is open to everybody. */
  readonly credential?: string | undefined;
  /** In a browser whose cookie is the credential: the token of its session, as it is at that moment. */
  readonly csrfToken?: (() => string | undefined) | undefined;
  /** Ends every call. */
  readonly signal?: AbortSignal | undefined;
}

/** The API as one caller sees it. */
export interface Client {
  /**
   * One request, sent once. Its body is not judged before it is sent: the API does that.
   * @throws UnexpectedAnswer, and what `fetch` throws when there is no answer
   */
  call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
    route: RouteContract<P, Q, B, S>,
    ...call: Nothing extends Call<P, Q, B> ? [call?: Call<P, Q, B>] : [call: Call<P, Q, B>]
  ): Promise<Accepted<z.output<S>> | Refused>;
  /** The same API with another credential. */
  as(credential: string): Client;
}

export function createClient(options: ClientOptions): Client {
  return {
    async call(route, ...[given = {}]) {
      const response = await fetch(
        addressOf(options.baseUrl, route, given),
        requestOf(options, route, given),
      );
      return readAnswer(route, response);
    },
    as: (credential) => createClient({ ...options, credential }),
  };
}

/** Any call, when its types have done their work. */
type Given = {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

function addressOf(baseUrl: string, { path }: RouteContract, { params, query }: Given): string {
  const values = new Map(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]));
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values.get(name) ?? ''));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) asked.append(name, String(value));
  }
  return `${baseUrl.replace(/\/$/, '')}${filled}${asked.size === 0 ? '' : `?${asked}`}`;
}

function requestOf(
  { credential, csrfToken, signal }: ClientOptions,
  { method }: RouteContract,
  given: Given,
): RequestInit {
  const { body, idempotencyKey } = given;
  const token = method === 'get' ? undefined : csrfToken?.();
  const signals = [signal, given.signal].filter((one) => one !== undefined);
  return {
    method: method.toUpperCase(),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
      ...(token !== undefined && { 'anika-csrf': token }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: writeExact(body) }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    redirect: 'error', // the API has none; whoever answers one is somebody else
  };
}

async function readAnswer<S extends z.ZodType>(
  route: RouteContract<z.ZodType, z.ZodType, z.ZodType, S>,
  response: Response,
): Promise<Accepted<z.output<S>> | Refused> {
  const { status, headers } = response;
  const text = await response.text();
  try {
    if (!response.ok) return { ok: false, status, headers, problem: problem.parse(JSON.parse(text)) };
    const { schema } = route.success;
    const data = (schema === undefined ? undefined : schema.parse(JSON.parse(text))) as z.output<S>;
    return { ok: true, status, headers, data, text };
  } catch (cause) {
    throw new UnexpectedAnswer(route, { status, text, cause });
  }
}

/** The data of a call that cannot go on without it. @throws Error naming the problem */
export function required<T>(answer: Accepted<T> | Refused): T {
  if (answer.ok) return answer.data;
  const { status, code, detail } = answer.problem;
  throw new Error(`The API answered ${status} ${code}: ${detail}`);
}

/** `GET /v1/topics/{id}` */
export function nameOf({ method, path }: RouteContract): string {
  return `${method.toUpperCase()} ${path}`;
}
