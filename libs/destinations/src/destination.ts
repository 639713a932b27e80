import type { Answer, AttemptResult, NotSent } from '@anika/core/delivery/attempt-result';
import type { EndpointLoad } from '@anika/core/delivery/endpoint-load';
import type { EventToSend } from '@anika/core/delivery/event-body';

/** What a destination is told; its `id` is the same over all attempts: who gets it twice knows by it. */
export type DestinationEvent = EventToSend & {
  /** Of a message; challenges, tests and notices are no deliveries. */
  readonly delivery?: { readonly id: string; readonly attempt: number };
};

/** What is kept of one attempt, for both companies to see. */
export type Evidence = {
  readonly result: AttemptResult;
  readonly atMs: number;
  /** Lower-case hex SHA-256 of the body. */
  readonly bodyHash: string;
  readonly signature: string;
  /** Of this attempt, in the trace of its message (`core/trace.ts`). */
  readonly spanId: string;
};

/** One attempt: what the destination answered, how it bore it, and the proof. */
export type Tried = Answer & { readonly load: EndpointLoad; readonly evidence: Evidence };

export type Verified = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Where messages go, whatever it is. `S` is what is stored of it, sealed; `T` is the same, ready for use.
 */
export type Destination<S, T> = {
  /** Opens what is sealed; may be kept for as long as the settings are. */
  prepare(settings: S): T;
  /** Whether whoever is there wants our events: nothing else goes to a place that has not said so. */
  verify(target: T, about: Pick<DestinationEvent, 'topic' | 'publisher'>): Promise<Verified>;
  /** One attempt, at once. Never rejects for what the destination does; `not-sent`: nothing has left the machine. */
  send(event: DestinationEvent, target: T, how?: { readonly signal?: AbortSignal }): Promise<Tried | NotSent>;
};
