import { isRetryable } from '@anika/client/answer';
import { type Args, type Client, createClient } from '@anika/client/client';
import type { Problem } from '@anika/contracts/common';
import type { RouteContract } from '@anika/contracts/route';
import { parseExact } from '@anika/core/exact-json';
import type { z } from 'zod';
import { issuesOf } from './field-words.ts';

/** What the API answered instead of what was asked for, or that there was no answer at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: string;
  readonly status: number;
  readonly problem: Problem | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** What the contract says of single fields, by their paths. */
  readonly issues: ReturnType<typeof issuesOf>;

  constructor(
    code: string,
    more: {
      status: number;
      problem?: Problem;
      retryAfter?: string | null;
      issues?: ReturnType<typeof issuesOf>;
      cause?: unknown;
    },
  ) {
    super(more.problem?.detail ?? code, { cause: more.cause });
    this.code = code;
    this.status = more.status;
    this.problem = more.problem;
    this.issues = more.issues ?? new Map();
    const seconds = Number(more.retryAfter ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(seconds) ? seconds : undefined;
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.code === NO_ANSWER || isRetryable(this.code);
  }
}

/** The code of a call that got no answer: the network is away, or the api. */
export const NO_ANSWER = 'no-answer';

export type Answered<T> = { readonly data: T; readonly text: string };

export type Api = {
  /** @throws ApiProblem */
  ask<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
    route: RouteContract<P, Q, B, S>,
    ...call: Args<P, Q, B>
  ): Promise<Answered<z.output<S>>>;
  /** Of the session that the cookie carries. */
  setCsrfToken(token: string | undefined): void;
  /** Called when the session turns out to be over. */
  onSessionEnd(listener: () => void): void;
  /** Called when the company turns out to demand a second factor that the user lacks. */
  onFactorDemanded(listener: () => void): void;
};

export function createApi(baseUrl: string): Api {
  let csrfToken: string | undefined;
  let sessionEnded: () => void = () => undefined;
  let factorDemanded: () => void = () => undefined;
  const client = createClient({ baseUrl, csrfToken: () => csrfToken, readJson: parseExact });

  return {
    async ask(route, ...call) {
      const answer = await answerOf(client, route, call);
      if (answer.ok) return { data: answer.data, text: answer.text };
      const { problem, status, headers } = answer;
      if (status === 401 && csrfToken !== undefined) sessionEnded();
      if (problem.code === 'totp-setup-required') factorDemanded();
      const isInvalid = problem.code === 'validation-failed';
      const issues = isInvalid ? issuesOf(route, bodyIn(call[0])) : new Map();
      throw new ApiProblem(problem.code, { status, problem, issues, retryAfter: headers.get('retry-after') });
    },
    setCsrfToken(token) {
      csrfToken = token;
    },
    onSessionEnd(listener) {
      sessionEnded = listener;
    },
    onFactorDemanded(listener) {
      factorDemanded = listener;
    },
  };
}

function bodyIn(call: object | undefined): unknown {
  return call !== undefined && 'body' in call ? call.body : undefined;
}

async function answerOf<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
  client: Client,
  route: RouteContract<P, Q, B, S>,
  call: Args<P, Q, B>,
) {
  try {
    return await client.call(route, ...call);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(NO_ANSWER, { status: 0, cause });
  }
}
