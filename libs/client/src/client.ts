import type { RouteContract } from '@anika/contracts/route';
import { writeExact } from '@anika/core/exact-json';
import type { z } from 'zod';
import {
  type Accepted,
  isRetryable,
  ProblemError,
  type Refused,
  readAnswer,
  UnexpectedAnswer,
} from './answer.ts';
import { createEventReader, piecesOf, type ServerEvent } from './event-stream.ts';

/** What a call is given, of the route's own types; left out where the route takes none. */
export type Call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', P> &
  Part<'query', Q> &
  Part<'body', B> & {
    /** Of one thing to be done, however often it is asked for: where the route reads such a header. */
    readonly idempotencyKey?: string;
    readonly signal?: AbortSignal;
  };

/** As arguments: nothing at all where nothing is needed. */
export type Args<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> =
  Nothing extends Call<P, Q, B> ? [call?: Call<P, Q, B>] : [call: Call<P, Q, B>];

type Nothing = Record<never, never>;

/** A route without such a part has the type of any schema there, whose input is unknown. */
type Part<Name extends string, S extends z.ZodType> =
  unknown extends z.input<S>
    ? Nothing
    : Nothing extends z.input<S>
      ? { readonly [N in Name]?: z.input<S> }
      : { readonly [N in Name]: z.input<S> };

/** What a route takes as its body: `BodyOf<typeof createTopic>`. */
export type BodyOf<R extends RouteContract> = z.input<NonNullable<R['body']>>;

export interface ClientOptions {
  /** Of the API, as `https://anika.example`; the paths of the routes follow. */
  readonly baseUrl: string;
  /** An access token or an API key; none for what is open to everybody. */
  readonly credential?: string | undefined;
  /** In a browser whose cookie is the credential: the token of its session, as it is at that moment. */
  readonly csrfToken?: (() => string | undefined) | undefined;
  /**
   * Reads what comes when a call succeeds; `JSON.parse` unless set. With `parseExact` of `@anika/core/exact-json`, numbers
   * of filters, schemas and messages keep digits that a double does not hold, as `ExactNumber`.
   */
  readonly readJson?: ((text: string) => unknown) | undefined;
  /** Ends every call. */
  readonly signal?: AbortSignal | undefined;
  /** How long one request may take until its answer is read; unless set, as long as `fetch` waits. */
  readonly timeoutMs?: number | undefined;
  /**
   * How often a request is sent at most that has no answer, or one by which it may succeed later; 1 unless set.
   * Repeated is only what the route lets repeat: a GET, and what it takes an `idempotencyKey` for, with one.
   */
  readonly tries?: number | undefined;
  /** Before the second try, where the answer names no time; doubled with each one after. 500 unless set. */
  readonly firstWaitMs?: number | undefined;
}

/** The API as one caller sees it. What is sent is not judged before: the API does that. */
export interface Client {
  /**
   * What the route answers with when it succeeds.
   * @throws ProblemError when it refuses, UnexpectedAnswer, and what `fetch` throws when there is no answer
   */
  ask<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
    route: RouteContract<P, Q, B, S>,
    ...call: Args<P, Q, B>
  ): Promise<z.output<S>>;
  /**
   * The same with status and headers; a refusal is a value.
   * @throws UnexpectedAnswer, and what `fetch` throws when there is no answer
   */
  call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
    route: RouteContract<P, Q, B, S>,
    ...call: Args<P, Q, B>
  ): Promise<Accepted<z.output<S>> | Refused>;
  /**
   * Opens a stream of events: those that come until it ends, or whoever listens does. Sent once, and not bound by `timeoutMs`.
   * @throws as `ask`
   */
  follow<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
    route: RouteContract<P, Q, B>,
    ...call: Args<P, Q, B>
  ): Promise<AsyncGenerator<ServerEvent, void>>;
  /** The same API with another credential. */
  as(credential: string): Client;
}

/**
 * @example
 * const api = createClient({ baseUrl: 'https://anika.example', credential: process.env.ANIKA_KEY, tries: 5 });
 * const { id } = await api.ask(publishMessage, {
 *   params: { id: 'top_…' },
 *   body: { type: 'car.chosen', data: { model: 'Веста' } },
 *   idempotencyKey: 'order-4711',
 * });
 */
export function createClient(options: ClientOptions): Client {
  async function send<S extends z.ZodType>(
    route: RouteContract<z.ZodType, z.ZodType, z.ZodType, S>,
    given: Given = {},
  ): Promise<Accepted<z.output<S>> | Refused> {
    const request = () => fetch(...requestOf(options, route, given));
    const tries = mayRepeat(route, given) ? (options.tries ?? 1) : 1;
    let waitMs = options.firstWaitMs ?? FIRST_WAIT_MS;
    for (let left = tries - 1; ; left -= 1) {
      const outcome = await outcomeOf(async () => readAnswer(route, await request(), options.readJson));
      if (left <= 0 || !mayPass(outcome) || signalOf(options, given)?.aborted) return settled(outcome);
      await pause(retryAfterMs(outcome) ?? waitMs * (0.5 + Math.random() / 2), signalOf(options, given));
      waitMs *= 2;
    }
  }

  return {
    call: (route, ...[given]) => send(route, given),
    async ask(route, ...[given]) {
      const answer = await send(route, given);
      if (answer.ok) return answer.data;
      throw new ProblemError(route, answer);
    },
    async follow(route, ...[given = {}]) {
      const [address, init] = requestOf({ ...options, timeoutMs: undefined }, route, given);
      const response = await fetch(address, init);
      if (response.ok && response.body !== null) return eventsOf(response.body);
      const answer = await readAnswer(route, response);
      if (answer.ok) throw new UnexpectedAnswer(route, { status: answer.status, text: answer.text });
      throw new ProblemError(route, answer);
    },
    as: (credential) => createClient({ ...options, credential }),
  };
}

const FIRST_WAIT_MS = 500;

/** Any call, when its types have done their work. */
type Given = {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
};

function requestOf(
  options: ClientOptions,
  { method, path }: RouteContract,
  given: Given,
): [address: string, init: RequestInit] {
  const { body, idempotencyKey } = given;
  const token = method === 'get' ? undefined : options.csrfToken?.();
  const deadline = options.timeoutMs === undefined ? [] : [AbortSignal.timeout(options.timeoutMs)];
  const own = signalOf(options, given);
  const signals = own === undefined ? deadline : [own, ...deadline];
  const init = {
    method: method.toUpperCase(),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(options.credential !== undefined && { authorization: `Bearer ${options.credential}` }),
      ...(token !== undefined && { 'anika-csrf': token }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: writeExact(body) }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    redirect: 'error', // the API has none; whoever answers one is somebody else
  } as const;
  return [addressOf(options.baseUrl, path, given), init];
}

function addressOf(baseUrl: string, path: string, { params, query }: Given): string {
  const values = new Map(Object.entries(params ?? {}).map(([name, value]) => [name, String(value)]));
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values.get(name) ?? ''));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) asked.append(name, String(value));
  }
  return `${baseUrl.replace(/\/$/, '')}${filled}${asked.size === 0 ? '' : `?${asked}`}`;
}

/** Of the client and of the call. */
function signalOf({ signal }: ClientOptions, given: Given): AbortSignal | undefined {
  if (signal === undefined || given.signal === undefined) return signal ?? given.signal;
  return AbortSignal.any([signal, given.signal]);
}

/** Whether sending it twice does what sending it once does. */
function mayRepeat({ method, headers }: RouteContract, { idempotencyKey }: Given): boolean {
  if (method === 'get') return true;
  return idempotencyKey !== undefined && headers?.shape['Idempotency-Key'] !== undefined;
}

type Outcome<T> = { readonly answer: Accepted<T> | Refused } | { readonly error: unknown };

async function outcomeOf<T>(work: () => Promise<Accepted<T> | Refused>): Promise<Outcome<T>> {
  try {
    return { answer: await work() };
  } catch (error) {
    return { error };
  }
}

function settled<T>(outcome: Outcome<T>): Accepted<T> | Refused {
  if ('answer' in outcome) return outcome.answer;
  throw outcome.error;
}

/** No answer, one of a gateway whose API is away, or a problem that is not for ever. */
function mayPass(outcome: Outcome<unknown>): boolean {
  if ('answer' in outcome) return !outcome.answer.ok && isRetryable(outcome.answer.problem.code);
  return !(outcome.error instanceof UnexpectedAnswer) || outcome.error.status >= 500;
}

function retryAfterMs(outcome: Outcome<unknown>): number | undefined {
  const seconds = 'answer' in outcome ? outcome.answer.headers.get('retry-after') : null;
  return seconds === null || !/^\d+$/.test(seconds) ? undefined : Number(seconds) * 1000;
}

/** Of `node:timers/promises` in a browser too. @throws the signal's reason when it ends */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  const reader = createEventReader();
  for await (const piece of piecesOf(body)) yield* reader.read(piece);
}
