import { Agent, request } from 'node:http';

/** Publishes message number `n`; rejects unless it was accepted. */
export type Publish = (n: number) => Promise<void>;

/** What a load did: when each message was meant to be sent, and how long its 202 took from when it was sent. */
export type Sent = {
  readonly startedAt: number;
  readonly sentMs: ReadonlyMap<number, number>;
  readonly acceptedAfterMs: readonly number[];
};

const now = () => performance.timeOrigin + performance.now();

/** A publisher over kept-alive connections; bare, since what a client costs would be measured with the answer. */
export function createPublish(url: string, token: string | undefined): Publish {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const target = new URL(url);
  return (n) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({
        type: 'car.chosen',
        data: { n, model: 'Лада Веста', colour: 'синий', price: 1_749_000, customer: { city: 'Казань' } },
      });
      const req = request(
        {
          agent,
          method: 'POST',
          hostname: target.hostname,
          port: target.port,
          path: target.pathname,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
        },
        (res) => {
          res.resume();
          res.on('end', () => {
            if (res.statusCode === 202) resolve();
            else reject(new Error(`publish answered ${res.statusCode}`));
          });
        },
      );
      req.on('error', reject);
      req.end(body);
    });
}

function timed(publish: Publish) {
  const acceptedAfterMs: number[] = [];
  return {
    acceptedAfterMs,
    async publishTimed(n: number): Promise<void> {
      const startedAt = now();
      await publish(n);
      acceptedAfterMs.push(now() - startedAt);
    },
  };
}

/** A number of publishers, each sending its next message when the one before is accepted. */
export async function closedLoop(
  publish: Publish,
  options: { count: number; inFlight: number; first: number },
): Promise<Sent> {
  const { count, inFlight, first } = options;
  const sentMs = new Map<number, number>();
  const { publishTimed, acceptedAfterMs } = timed(publish);
  let next = first;
  const startedAt = now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < first + count) {
        const n = next;
        next += 1;
        sentMs.set(n, now());
        await publishTimed(n);
      }
    }),
  );
  return { startedAt, sentMs, acceptedAfterMs };
}

/** A fixed rate; each message's clock starts when it was meant to be sent, however late it really is. */
export async function openLoop(
  publish: Publish,
  options: { perSecond: number; seconds: number; first: number },
): Promise<Sent> {
  const { perSecond, seconds, first } = options;
  const sentMs = new Map<number, number>();
  const { publishTimed, acceptedAfterMs } = timed(publish);
  const accepted: Promise<void>[] = [];
  const startedAt = now();
  for (let i = 0; i < perSecond * seconds; i += 1) {
    const meantAt = startedAt + (i * 1000) / perSecond;
    const waitMs = meantAt - now();
    if (waitMs > 1) await new Promise((done) => setTimeout(done, waitMs));
    sentMs.set(first + i, meantAt);
    accepted.push(publishTimed(first + i));
  }
  await Promise.all(accepted);
  return { startedAt, sentMs, acceptedAfterMs };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
