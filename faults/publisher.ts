import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** One message as its publisher knows it. */
export type Acknowledged = { readonly n: number; readonly messageId: string };

export type PublisherOptions = {
  /** File of the acknowledgements, written through to the disk before the next message is sent. */
  readonly log: string;
  readonly url: () => string;
  readonly topicId: string;
  readonly token: string;
};

/** What a careful publisher does: repeats what has no answer, with the same Idempotency-Key, until it is taken. */
export type Publisher = ReturnType<typeof createPublisher>;

const ANSWER_WITHIN_MS = 8_000;
const AGAIN_AFTER_MS = 250;

export function createPublisher(options: PublisherOptions) {
  const file = openSync(options.log, 'a');
  const sent = new Set<number>();
  const acknowledged = new Map<number, string>();
  const answers = new Map<number, number>();
  const slowest = { acceptedMs: 0, refusedMs: 0 };
  const given = new AbortController();
  let nextNumber = 1;

  async function attempt(n: number, data: object): Promise<Response | undefined> {
    sent.add(n);
    try {
      return await fetch(`${options.url()}/v1/topics/${options.topicId}/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${options.token}`,
          'idempotency-key': `n-${n}`,
        },
        body: JSON.stringify({ type: 'car.chosen', data: { n, ...data } }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
    } catch {
      return undefined; // killed, reset or hanging: nothing was promised
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
  async function once(n: number, data: object = {}): Promise<boolean> {
    const startedAt = performance.now();
    const response = await attempt(n, data);
    const tookMs = performance.now() - startedAt;
    const status = response?.status ?? 0;
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (response === undefined) return false;
    const body = (await response.json().catch(() => ({}))) as { id?: string };
    if (status === 202 && body.id !== undefined) {
      acknowledge(n, body.id);
      slowest.acceptedMs = Math.max(slowest.acceptedMs, tookMs);
      return true;
    }
    slowest.refusedMs = Math.max(slowest.refusedMs, tookMs);
    return false;
  }

  async function untilAccepted(n: number, data: object): Promise<void> {
    while (!(await once(n, data)) && !given.signal.aborted) await wait(AGAIN_AFTER_MS);
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
    async publish(count: number, { inFlight = 16, data = {} }: { inFlight?: number; data?: object } = {}) {
      const end = nextNumber + count;
      const one = async () => {
        while (nextNumber < end && !given.signal.aborted) await untilAccepted(nextNumber++, data);
      };
      await Promise.all(Array.from({ length: Math.min(inFlight, count) }, one));
    },

    /** Publishes at a rate until it is stopped; what was sent by then is accepted when `stop` resolves. */
    start(perSecond: number): { stop(): Promise<void> } {
      const pending = new Set<Promise<void>>();
      const timer = setInterval(() => {
        const accepted = untilAccepted(nextNumber++, {});
        pending.add(accepted);
        void accepted.finally(() => pending.delete(accepted));
      }, 1000 / perSecond);
      return {
        async stop() {
          clearInterval(timer);
          await Promise.all(pending);
        },
      };
    },

    close() {
      given.abort();
      closeSync(file);
    },
  };
}
