import type { AttemptResult, NotSent, SendResult } from '@anika/core/delivery/attempt-result';
import type { Subscription } from '@anika/core/subscription';
import { stateReason } from '@anika/core/subscription/state-reasons';
import type { Destination, DestinationEvent, Tried, Verified } from '../destination.ts';
import { createEncodeBody, type EncodeBody } from './encode-body.ts';
import { type FormNeeds, type FormSettings, formOf } from './form-of.ts';
import { answerOf, loadOf } from './read-answer.ts';
import { composeRequest, type Form } from './request.ts';
import type { SendRequest } from './send.ts';

export type WebhookSettings = FormSettings & {
  readonly subscription: Pick<Subscription, 'partnerId' | 'url' | 'timeoutMs'>;
};

/** An endpoint that can be sent to. */
export type WebhookTarget = Form & Pick<SendRequest, 'partnerId' | 'url' | 'timeoutMs'>;

export type WebhookNeeds = FormNeeds & {
  readonly post: (request: SendRequest) => Promise<SendResult>;
  /** Of an event that is no message. */
  readonly newEventId: () => string;
  readonly newChallenge: () => string;
  readonly newSpanId: () => string;
  readonly userAgent: string;
  readonly clock: { now(): number };
};

export type WebhookDestination = Destination<WebhookSettings, WebhookTarget>;

const CHALLENGE_TIMEOUT_MS = 10_000;

/** Endpoints: each event is one signed POST. */
export function createWebhookDestination(given: WebhookNeeds): WebhookDestination {
  const needs = { ...given, encodeBody: createEncodeBody() };
  return {
    prepare: (settings) => prepare(settings, needs),

    /** Until it has repeated what we say, it gets no header of the subscriber's choice: it may be anybody's server. */
    async verify(target, about) {
      const challenge = needs.newChallenge();
      const event = {
        id: needs.newEventId(),
        type: 'anika.endpoint.challenge',
        timestampMs: needs.clock.now(),
        dataText: JSON.stringify({ challenge }),
        ...about,
      };
      const asked = { ...target, customHeaders: {}, timeoutMs: CHALLENGE_TIMEOUT_MS };
      return judge(await send(event, { target: asked, signal: undefined }, needs), challenge);
    },

    send: (event, target, { signal } = {}) => send(event, { target, signal }, needs),
  };
}

function prepare(settings: WebhookSettings, needs: WebhookNeeds): WebhookTarget {
  const { partnerId, url, timeoutMs } = settings.subscription;
  return { ...formOf(settings, needs), partnerId, url, timeoutMs };
}

type Sending = { readonly target: WebhookTarget; readonly signal: AbortSignal | undefined };

async function send(
  event: DestinationEvent,
  { target, signal }: Sending,
  { post, userAgent, newSpanId, clock, encodeBody }: WebhookNeeds & { readonly encodeBody: EncodeBody },
): Promise<Tried | NotSent> {
  const atMs = clock.now();
  const spanId = newSpanId();
  const { headers, bytes, bodyHash, signature } = await composeRequest(event, target, {
    nowMs: atMs,
    userAgent,
    spanId,
    encodeBody,
  });
  const { partnerId, url, timeoutMs } = target;
  const result = await post({ partnerId, url, headers, body: bytes, timeoutMs, ...(signal && { signal }) });
  if (result.kind === 'not-sent') return result;
  return {
    ...answerOf(result, clock.now()),
    load: loadOf(result, timeoutMs),
    evidence: { result, atMs, bodyHash, signature, spanId },
  };
}

function judge(tried: Tried | NotSent, challenge: string): Verified {
  if (tried.kind === 'not-sent') {
    return { ok: false, reason: stateReason('not-sent') };
  }
  const { result } = tried.evidence;
  if (result.kind === 'error') return { ok: false, reason: stateReason('failed', result.message) };
  if (tried.kind !== 'accepted') {
    return { ok: false, reason: stateReason('status', String(result.status)) };
  }
  if (repeatedBy(result) !== challenge) {
    return { ok: false, reason: stateReason('not-repeated') };
  }
  return { ok: true };
}

function repeatedBy({ bodyStart }: Extract<AttemptResult, { kind: 'response' }>): unknown {
  try {
    // A reader of JSON may pass over a byte order mark (RFC 8259 §8.1), and we do everywhere.
    const answer: unknown = JSON.parse(bodyStart.replace(/^\ufeff/, ''));
    return typeof answer === 'object' && answer !== null && 'challenge' in answer
      ? answer.challenge
      : undefined;
  } catch {
    return undefined; // not JSON: not the challenge
  }
}
