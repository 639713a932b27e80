/** Why no answer came, as far as the sender can tell. */
export const ERROR_CLASSES = [
  'dns',
  'refused',
  'reset',
  'timeout',
  'tls',
  'protocol',
  'blocked',
  'aborted',
  'network',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** How long each part of a request took, in ms. Absent: it did not take place, as on a connection that was open. */
export type Phases = {
  readonly dns?: number;
  readonly connect?: number;
  readonly tls?: number;
  /** From the first byte of the request to the head of the answer. */
  readonly firstByte?: number;
  readonly body?: number;
};

/** What is known of the way a request took, for its subscriber. */
type Way = {
  readonly phases?: Phases | undefined;
  /** `ip:port`. */
  readonly address?: string | undefined;
};

/** What one POST to an endpoint came to. */
export type AttemptResult = Way & AttemptEnd;

type AttemptEnd =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** The Retry-After header as it came. */
      readonly retryAfter: string | undefined;
      /** The first 4 KiB of the answer, as text. */
      readonly bodyStart: string;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'error';
      readonly errorClass: ErrorClass;
      /** For people; holds no secret. */
      readonly message: string;
      readonly durationMs: number;
    };

/** No byte left the machine, since no place of ours was free in time: no attempt, and the endpoint's load is unknown. */
export type NotSent = { readonly kind: 'not-sent'; readonly waitedMs: number };

/** What became of a request that was to be sent. */
export type SendResult = AttemptResult | NotSent;

/** What a destination made of an event: the words in which it is decided what follows. */
export type Answer =
  | { readonly kind: 'accepted' }
  /** `gone`: it asked never to be called again; `refused`: one that pulls will never take this. */
  | { readonly kind: 'refused'; readonly reason: 'gone' | 'too-large' | 'refused' }
  /** `retryAfterMs`: it asked not to be called sooner. */
  | { readonly kind: 'failed'; readonly retryAfterMs?: number | undefined };
