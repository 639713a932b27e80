import { got, type OptionsOfTextResponseBody, type Response } from 'got';
import type { z } from 'zod';
import { asIs } from '../language.ts';
import { checkEqual, NotHeld, shown } from './check.ts';
import { CHECKS } from './texts.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface Call {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event of a stream. */
export interface Happening {
  readonly event: string;
  readonly data: unknown;
}

/** The API as one caller sees it. */
export interface Client {
  send(method: Method, path: string, call?: Call): Promise<Answer>;
  /** @throws NotHeld unless the answer is a success of that shape */
  ask<T>(request: string, shape: z.ZodType<T>, call?: Call): Promise<T>;
  /** @returns the problem's code; @throws NotHeld unless the answer has that status */
  refused(request: string, status: number, call?: Call): Promise<string>;
  /** @returns what a stream tells, which grows until the signal aborts; @throws NotHeld unless it opens */
  follow(path: string, gone: AbortSignal): Promise<readonly Happening[]>;
  /** The same API with another credential. */
  as(token: string): Client;
}

const TIMEOUT_MS = 15_000;

export function createClient(options: { url: string; token?: string; signal: AbortSignal }): Client {
  const { url, token, signal } = options;

  async function send(method: Method, path: string, call: Call = {}): Promise<Answer> {
    const response = await request(url + path, {
      method,
      ...(call.body !== undefined && { json: call.body }),
      ...(call.query !== undefined && { searchParams: call.query }),
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...call.headers },
      throwHttpErrors: false,
      followRedirect: false,
      retry: { limit: 0 },
      timeout: { request: TIMEOUT_MS },
      signal,
    });
    const isJson = /[/+]json/.test(response.headers['content-type'] ?? '');
    const body = isJson && response.body !== '' ? JSON.parse(response.body) : response.body;
    return { status: response.statusCode, body, headers: response.headers };
  }

  return {
    send,
    async ask(request, shape, call) {
      const { status, body } = await send(...parseRequest(request), call);
      if (status >= 300)
        throw new NotHeld(asIs(request), { expected: CHECKS.success, came: shown({ status, body }) });
      const parsed = shape.safeParse(body);
      if (parsed.success) return parsed.data;
      throw new NotHeld(asIs(request), { expected: CHECKS.agreedShape, came: shown(body) });
    },
    async refused(request, status, call) {
      const answer = await send(...parseRequest(request), call);
      checkEqual(CHECKS.refused(request), answer.status, status);
      const { body } = answer;
      return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
    },
    async follow(path, gone) {
      const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      const response = await fetch(url + path, { headers, signal: gone });
      checkEqual(CHECKS.success, response.status, 200);
      const happenings: Happening[] = [];
      // Broken off when the scene is over.
      collect(response, happenings).catch(() => undefined);
      return happenings;
    },
    as: (other) => createClient({ url, token: other, signal }),
  };
}

/** `POST /v1/topics` as its two parts. */
function parseRequest(request: string): [Method, string] {
  const [method = 'GET', path = '/'] = request.split(' ', 2);
  return [method as Method, path];
}

/** An API that does not answer is a claim that does not hold; Ctrl-C is not. */
async function request(url: string, options: OptionsOfTextResponseBody): Promise<Response<string>> {
  try {
    return await got(url, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const came = error instanceof Error ? error.message : String(error);
    throw new NotHeld(asIs(`${options.method} ${url}`), { expected: CHECKS.anAnswer, came: asIs(came) });
  }
}

async function collect({ body }: globalThis.Response, into: Happening[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body ?? []) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      if (event !== undefined && data !== undefined) into.push({ event, data: JSON.parse(data) });
    }
  }
}
