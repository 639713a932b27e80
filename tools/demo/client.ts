import { nameOf, ProblemError, UnexpectedAnswer } from '@anika/client/answer';
import {
  type Args,
  createClient as createTypedClient,
  type Client as TypedClient,
} from '@anika/client/client';
import type { ServerEvent } from '@anika/client/event-stream';
import type { RouteContract } from '@anika/contracts/route';
import type { z } from 'zod';
import { asIs } from '../language.ts';
import { checkEqual, NotHeld, shown } from './check.ts';
import { CHECKS } from './texts.ts';

/** The API as one caller sees it; what is not answered as agreed is a claim that does not hold. */
export interface Client {
  /** @throws NotHeld without an answer of the contract */
  readonly call: TypedClient['call'];
  /** @throws NotHeld unless it succeeds */
  readonly ask: TypedClient['ask'];
  /** @returns the problem's code; @throws NotHeld unless the answer has that status */
  refused<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
    route: RouteContract<P, Q, B>,
    status: number,
    ...call: Args<P, Q, B>
  ): Promise<string>;
  /** @returns what a stream tells, which grows until the signal of the call aborts; @throws NotHeld unless it opens */
  follow<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
    route: RouteContract<P, Q, B>,
    ...call: Args<P, Q, B>
  ): Promise<readonly ServerEvent[]>;
  /** The same API with another credential. */
  as(credential: string): Client;
}

const TIMEOUT_MS = 15_000;

export function createClient({ url, signal }: { url: string; signal: AbortSignal }): Client {
  return demandingClient(createTypedClient({ baseUrl: url, signal, timeoutMs: TIMEOUT_MS }), signal);
}

function demandingClient(api: TypedClient, signal: AbortSignal): Client {
  /** Ctrl-C is no claim. */
  async function held<T>(route: RouteContract, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (signal.aborted) throw error;
      throw new NotHeld(asIs(nameOf(route)), reasonOf(error));
    }
  }

  return {
    call: (route, ...given) => held(route, api.call(route, ...given)),
    ask: (route, ...given) => held(route, api.ask(route, ...given)),
    async refused(route, status, ...given) {
      const answer = await held(route, api.call(route, ...given));
      checkEqual(CHECKS.refused(nameOf(route)), answer.status, status);
      return answer.ok ? '' : answer.problem.code;
    },
    async follow(route, ...given) {
      const happenings: ServerEvent[] = [];
      // Broken off when the scene is over.
      collect(await held(route, api.follow(route, ...given)), happenings).catch(() => undefined);
      return happenings;
    },
    as: (credential) => demandingClient(api.as(credential), signal),
  };
}

function reasonOf(error: unknown) {
  if (error instanceof ProblemError) return { expected: CHECKS.success, came: shown(error.problem) };
  if (error instanceof UnexpectedAnswer)
    return { expected: CHECKS.agreedShape, came: shown({ status: error.status, body: error.text }) };
  return { expected: CHECKS.anAnswer, came: asIs(error instanceof Error ? error.message : String(error)) };
}

async function collect(events: AsyncIterable<ServerEvent>, into: ServerEvent[]): Promise<void> {
  for await (const event of events) into.push(event);
}
