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

/** What one POST to an endpoint came to. */
export type AttemptResult =
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
  /** `gone`: it asked never to be called again. */
  | { readonly kind: 'refused'; readonly reason: 'gone' | 'too-large' }
  /** `retryAfterMs`: it asked not to be called sooner. */
  | { readonly kind: 'failed'; readonly retryAfterMs?: number | undefined };
