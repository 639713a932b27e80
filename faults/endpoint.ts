import { appendFileSync } from 'node:fs';
import {
  type ReceivedRequest,
  type Respond,
  type ResponsePlan,
  startReceiver,
} from '@anika/testkit/receiver';
import { Webhook } from 'standardwebhooks';

/** One request that reached an endpoint, and what was answered. */
export type Hit = {
  readonly messageId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  /** The number its publisher gave it; undefined when the body says none. */
  readonly n: number | undefined;
  /** By a verifier that is not ours, with a secret that was good then. */
  readonly verified: boolean;
  /** What was answered: a status, or `hang` or `reset`. */
  readonly answered: number | 'hang' | 'reset';
  readonly atMs: number;
};

/** A subscriber's endpoint that writes down each request before it answers. */
export type Endpoint = {
  readonly url: string;
  readonly hits: readonly Hit[];
  respondWith(respond: Respond): void;
  /** What comes to this path counts from now on when it was signed with this secret. */
  trust(path: string, secret: string): void;
  /** What comes to this path is not for this suite to judge: it is answered so, and nothing is written down. */
  answerOnly(path: string, plan: ResponsePlan): void;
  close(): Promise<void>;
};

const GOOD: ResponsePlan = { status: 204 };

export async function startEndpoint(log: string): Promise<Endpoint> {
  const hits: Hit[] = [];
  const secrets = new Map<string, string>();
  const onlyAnswered = new Map<string, ResponsePlan>();
  let respond: Respond = () => GOOD;
  const receiver = await startReceiver({
    async respond(request) {
      const only = onlyAnswered.get(request.path);
      if (only !== undefined) return only;
      const plan = await respond(request);
      const answered = typeof plan === 'string' ? plan : plan.status;
      const hit = hitOf(request, { secret: secrets.get(request.path), answered });
      hits.push(hit);
      appendFileSync(log, `${JSON.stringify(hit)}\n`);
      return plan;
    },
  });
  return {
    url: receiver.url,
    hits,
    respondWith(next) {
      respond = next;
    },
    trust: (path, secret) => void secrets.set(path, secret),
    answerOnly: (path, plan) => void onlyAnswered.set(path, plan),
    close: () => receiver.close(),
  };
}

/** What is written down of a request. */
export function hitOf(
  { headers, rawBody, body }: Pick<ReceivedRequest, 'headers' | 'rawBody' | 'body'>,
  { secret, answered }: { secret: string | undefined; answered: Hit['answered'] },
): Hit {
  const header = (name: string) => String(headers[name] ?? '');
  return {
    messageId: header('webhook-id'),
    deliveryId: header('anika-delivery-id'),
    attempt: Number(header('anika-attempt')),
    n: numberIn(body),
    verified: verifies(secret, rawBody, headers),
    answered,
    atMs: Date.now(),
  };
}

function numberIn(body: unknown): number | undefined {
  const n = (body as { data?: { n?: unknown } } | undefined)?.data?.n;
  return typeof n === 'number' ? n : undefined;
}

function verifies(secret: string | undefined, rawBody: string, headers: Record<string, unknown>): boolean {
  if (secret === undefined) return false;
  try {
    new Webhook(secret).verify(rawBody, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
