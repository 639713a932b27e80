import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** One message as its publisher knows it. */
export type Acknowledged = { readonly n: number; readonly messageId: string };

export type PublisherOptions = {
  /** File of the acknowledgements, written through to the disk before the next message is sent. */
  readonly log: string;
  readonly url: () => string;
  /** Where its n-th message goes. */
  readonly to: (n: number) => Route;
  /** Ends it: what is not accepted by then is given up. */
  readonly signal: AbortSignal;
};

export type Route = {
  readonly topicId: string;
  /** An API key: access tokens end after a quarter of an hour. */
  readonly token: string;
};

/** A stream of messages at a rate. */
export type Load = {
  /** When each of its numbers was to be sent, by `Date.now()`, whether or not it was late. */
  readonly intendedAtMs: ReadonlyMap<number, number>;
  /** Resolves when all that was sent is accepted. */
  stop(): Promise<void>;
};

/** What a careful publisher does: repeats what has no answer, with the same Idempotency-Key, until it is taken. */
export type Publisher = ReturnType<typeof createPublisher>;

/** What a message holds beside its number, and when it is to be sent. */
type Contents = { readonly data?: object; readonly deliverAt?: string };

type Answer = { readonly status: number; readonly id: string | undefined };

/** What is due is sent this late at most. */
const TICK_MS = 2;
/** In place of a status. */
export const NO_ANSWER = 0;
const ANSWER_WITHIN_MS = 8_000;
/** Doubled with each try that fails: after an outage, all of them at once would be one of their own. */
const AGAIN_AFTER_MS = 250;
const AGAIN_AFTER_MAX_MS = 4_000;
/** Of those that are not accepted yet; beyond, a load takes nothing new. */
const WAITING_MAX = 300;

export function createPublisher(options: PublisherOptions) {
  const file = openSync(options.log, 'a');
  const sent = new Set<number>();
  const acknowledged = new Map<number, string>();
  const answers = new Map<number, number>();
  const slowest = { acceptedMs: 0, refusedMs: 0 };
  const closed = new AbortController();
  const given = AbortSignal.any([closed.signal, options.signal]);
  // Not through libs/client: connections of a burst, which `fetch` keeps, must not be taken for a leak of the API's.
  const agent = new Agent({ keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 });
  let nextNumber = 1;

  async function attempt(n: number, { data = {}, deliverAt }: Contents): Promise<Answer> {
    sent.add(n);
    const { topicId, token } = options.to(n);
    try {
      const { statusCode, body } = await request(`${options.url()}/v1/topics/${topicId}/messages`, {
        dispatcher: agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token}`,
          'idempotency-key': `n-${n}`,
        },
        body: JSON.stringify({ type: 'car.chosen', deliverAt, data: { n, ...data } }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const { id } = (await body.json()) as { id?: string };
      return { status: statusCode, id };
    } catch {
      return { status: NO_ANSWER, id: undefined }; // killed, reset or hanging: nothing was promised
    }
  }

  function acknowledge(n: number, messageId: string): void {
    const known = acknowledged.get(n);
    if (known !== undefined && known !== messageId)
      throw new Error(`${n} was accepted twice, as two messages`);
    writeSync(file, `${JSON.stringify({ n, messageId, at: new Date() })}\n`);
    fdatasyncSync(file);
    acknowledged.set(n, messageId);
  }

  /** One try; true when it was accepted. */
  async function once(n: number, contents: Contents = {}): Promise<boolean> {
    const startedAt = performance.now();
    const { status, id } = await attempt(n, contents);
    const tookMs = performance.now() - startedAt;
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (status === NO_ANSWER) return false;
    if (status === 202 && id !== undefined) {
      acknowledge(n, id);
      slowest.acceptedMs = Math.max(slowest.acceptedMs, tookMs);
      return true;
    }
    slowest.refusedMs = Math.max(slowest.refusedMs, tookMs);
    // Sent again, it would be refused again; that it was is found by whoever reads the answers.
    if (status >= 400 && status < 500) closed.abort();
    return false;
  }

  async function untilAccepted(n: number, contents: Contents): Promise<void> {
    let againAfterMs = AGAIN_AFTER_MS;
    while (!(await once(n, contents)) && !given.aborted) {
      await wait(againAfterMs);
      againAfterMs = Math.min(againAfterMs * 2, AGAIN_AFTER_MAX_MS);
    }
  }

  return {
    sent: sent as ReadonlySet<number>,
    acknowledged: acknowledged as ReadonlyMap<number, string>,
    /** How often which status was answered; 0: no answer. */
    answers: answers as ReadonlyMap<number, number>,
    slowest: slowest as Readonly<typeof slowest>,
    takeNumber: () => nextNumber++,
    once,

    /** Publishes so many, so many at once, each until it is accepted. */
    async publish(count: number, { inFlight = 16, ...contents }: { inFlight?: number } & Contents = {}) {
      const end = nextNumber + count;
      const one = async () => {
        while (nextNumber < end && !given.aborted) await untilAccepted(nextNumber++, contents);
      };
      await Promise.all(Array.from({ length: Math.min(inFlight, count) }, one));
    },

    /**
     * Publishes at a rate, or as fast as it is accepted, until it is stopped; what was sent by then is accepted
     * when `stop` resolves.
     */
    start(perSecond: number): Load {
      const pending = new Set<Promise<void>>();
      const intendedAtMs = new Map<number, number>();
      const everyMs = 1000 / perSecond;
      let nextAtMs = Date.now() + everyMs;
      const timer = setInterval(
        () => {
          if (given.aborted) return clearInterval(timer);
          for (; nextAtMs <= Date.now(); nextAtMs += everyMs) {
            if (pending.size >= WAITING_MAX) continue;
            intendedAtMs.set(nextNumber, nextAtMs);
            const accepted = untilAccepted(nextNumber++, {});
            pending.add(accepted);
            void accepted.finally(() => pending.delete(accepted));
          }
        },
        Math.min(everyMs, TICK_MS),
      );
      return {
        intendedAtMs,
        async stop() {
          clearInterval(timer);
          await Promise.all(pending);
        },
      };
    },

    close() {
      closed.abort();
      closeSync(file);
      void agent.destroy();
    },
  };
}
