import { type Problem, problem } from '@anika/contracts/common';
import type { RouteContract } from '@anika/contracts/route';
import { FAILURES } from '@anika/core/failures';
import type { z } from 'zod';

/** A success: `{ ok: true, status: 202, data: { id: 'msg_…', … }, text: '{"id":"msg_…",…}' }`. */
export type Accepted<T> = {
  readonly ok: true;
  readonly status: number;
  readonly headers: Headers;
  /** Of the contract's schema; undefined where it has none. */
  readonly data: T;
  /** The body as it came. */
  readonly text: string;
};

/** An answer that the API documents: `{ ok: false, status: 404, problem: { code: 'not-found', detail, … } }`. */
export type Refused = {
  readonly ok: false;
  readonly status: number;
  readonly headers: Headers;
  readonly problem: Problem;
};

/** A refusal, thrown: `POST /v1/topics answered 409 conflict: …`. The codes are in docs/errors.md. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly problem: Problem;

  constructor(route: RouteContract, { status, problem }: Refused) {
    super(`${nameOf(route)} answered ${status} ${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = status;
    this.problem = problem;
  }
}

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

/** @throws UnexpectedAnswer */
export async function readAnswer<S extends z.ZodType>(
  route: RouteContract<z.ZodType, z.ZodType, z.ZodType, S>,
  response: Response,
  readJson: (text: string) => unknown = JSON.parse,
): Promise<Accepted<z.output<S>> | Refused> {
  const { status, headers } = response;
  const text = await response.text();
  try {
    if (!response.ok) return { ok: false, status, headers, problem: problem.parse(JSON.parse(text)) };
    const { schema } = route.success;
    const data = (schema === undefined ? undefined : schema.parse(readJson(text))) as z.output<S>;
    return { ok: true, status, headers, data, text };
  } catch (cause) {
    throw new UnexpectedAnswer(route, { status, text, cause });
  }
}

/** Whether the same request may succeed later, by the code of its problem. */
export function isRetryable(code: string): boolean {
  return Object.entries(FAILURES).some(([known, { retryable }]) => known === code && retryable);
}

/** `GET /v1/topics/{id}` */
export function nameOf({ method, path }: RouteContract): string {
  return `${method.toUpperCase()} ${path}`;
}
