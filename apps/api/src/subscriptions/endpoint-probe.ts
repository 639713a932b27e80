import type { SendResult } from '@anika/core/delivery/attempt-result';
import type { Subscription } from '@anika/core/subscription';
import type { WebhookEvent } from '@anika/destinations/webhook/request';

type Probe = {
  readonly subscription: Pick<Subscription, 'partnerId' | 'url' | 'timeoutMs'> & {
    readonly headers: Readonly<Record<string, string>> | undefined;
  };
  /** Whoever has one of these can verify the request. */
  readonly secrets: readonly string[];
  readonly topic: WebhookEvent['topic'];
  readonly publisher: WebhookEvent['publisher'];
};

type Headers = Probe['subscription']['headers'];
type Signed = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

export type EndpointProbeNeeds = {
  readonly send: (request: {
    partnerId: string;
    url: string;
    headers: Readonly<Record<string, string>>;
    body: string;
    timeoutMs: number;
  }) => Promise<SendResult>;
  /** Composes and signs an event as a delivery would be. */
  readonly sign: (event: WebhookEvent, by: Pick<Probe, 'secrets'> & { headers: Headers }) => Signed;
  readonly newChallenge: () => string;
  readonly clock: { now(): number };
};

type Event = { readonly type: string; readonly data: unknown; readonly headers: Headers };

const CHALLENGE_TIMEOUT_MS = 10_000;

export type ChallengeResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };
export type EndpointProbe = ReturnType<typeof createEndpointProbe>;

/** Asks an endpoint whether it wants our events, and sends it a test event. */
export function createEndpointProbe(needs: EndpointProbeNeeds) {
  function event(probe: Probe, { type, data, headers }: Event): Signed {
    const { topic, publisher, secrets } = probe;
    const timestampMs = needs.clock.now();
    const dataText = JSON.stringify(data);
    const sent = { type, timestampMs, dataText, key: undefined, topic, publisher };
    return needs.sign(sent, { secrets, headers });
  }

  return {
    /**
     * Nobody's server is flooded by somebody else's subscription: it must repeat what we say. Until it has, it gets no
     * header of the subscriber's choice.
     */
    async challenge(probe: Probe): Promise<ChallengeResult> {
      const challenge = needs.newChallenge();
      const { headers, body } = event(probe, {
        type: 'anika.endpoint.challenge',
        data: { challenge },
        headers: undefined,
      });
      const { partnerId, url } = probe.subscription;
      const result = await needs.send({ partnerId, url, headers, body, timeoutMs: CHALLENGE_TIMEOUT_MS });
      return judge(result, challenge);
    },

    async test(probe: Probe): Promise<SendResult> {
      const { headers, body } = event(probe, {
        type: 'anika.endpoint.test',
        data: { test: true },
        headers: probe.subscription.headers,
      });
      const { partnerId, url, timeoutMs } = probe.subscription;
      return needs.send({ partnerId, url, headers, body, timeoutMs });
    },
  };
}

function judge(result: SendResult, challenge: string): ChallengeResult {
  if (result.kind === 'not-sent') {
    return { ok: false, reason: 'challenge was not sent: too many requests to this host are under way' };
  }
  if (result.kind === 'error') return { ok: false, reason: `challenge failed: ${result.message}` };
  if (result.status < 200 || result.status > 299) {
    return { ok: false, reason: `challenge was answered with status ${result.status}, expected 2xx` };
  }
  if (answeredChallenge(result.bodyStart) !== challenge) {
    return { ok: false, reason: 'challenge was not repeated: expected {"challenge":"<the same text>"}' };
  }
  return { ok: true };
}

function answeredChallenge(text: string): unknown {
  try {
    // A reader of JSON may pass over a byte order mark (RFC 8259 §8.1), and we do everywhere.
    const answer: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof answer === 'object' && answer !== null && 'challenge' in answer
      ? answer.challenge
      : undefined;
  } catch {
    return undefined; // not JSON: not the challenge
  }
}
