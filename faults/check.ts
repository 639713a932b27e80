import type { Hit } from './endpoint.ts';
import { NO_ANSWER } from './publisher.ts';

/** A delivery as MongoDB holds it at the end. */
export type StoredDelivery = {
  readonly id: string;
  readonly messageId: string;
  readonly subscriptionId: string;
  readonly state: string;
  readonly reason: string | undefined;
  readonly generation: number;
  readonly attempts: readonly number[];
  /** When the next attempt is due; undefined when there is none. */
  readonly nextAttemptAt?: Date | undefined;
};

/** All that was written down of one fault: by the publisher, by the endpoints, and by ANIKA. */
export type Evidence = {
  readonly sent: ReadonlySet<number>;
  readonly acknowledged: ReadonlyMap<number, string>;
  /** How often publishers were answered which status. */
  readonly answers: ReadonlyMap<number, number>;
  /** How long the slowest answer was that was no 202. */
  readonly slowestRefusalMs: number;
  readonly stored: ReadonlySet<string>;
  readonly deliveries: readonly StoredDelivery[];
  readonly subscriptions: readonly { readonly id: string; wants(n: number): boolean }[];
  readonly hits: readonly Hit[];
  /** Messages not fanned out, deliveries still open, jobs in the queue, deliveries waiting for an endpoint. */
  readonly unfinished: Readonly<Record<string, number>>;
};

export type Expectation = {
  readonly maxAttempts: number;
  /** `never`: no endpoint may get a message again that it has taken. `allowed`: the fault explains it. */
  readonly repeats: 'never' | 'allowed';
  /** What a delivery may end as. */
  readonly ends: readonly string[];
};

export type Verdict = {
  readonly figures: {
    readonly accepted: number;
    readonly deliveries: number;
    readonly delivered: number;
    readonly dead: number;
    readonly requests: number;
    readonly repeats: number;
    readonly lost: number;
  };
  /** Empty when the promise was kept. */
  readonly findings: readonly string[];
};

const ANSWERS = [NO_ANSWER, 202, 503];
/** "Within a second" on a machine that is busy with everything else as well. */
const REFUSED_WITHIN_MS = 4_000;

/** Compares the three logs. Every sentence it returns is a broken promise. */
export function check(evidence: Evidence, expected: Expectation): Verdict {
  const lost = findLost(evidence, expected);
  const repeats = countRepeats(evidence.hits);
  const findings = [
    ...some(lost, 'lost'),
    ...some(findOddAnswers(evidence), 'answers that publishers should not get'),
    ...some(findDeliveredUnseen(evidence), 'said to be delivered, and no endpoint has taken it'),
    ...some(findUninvited(evidence), 'arrived, and was never accepted'),
    ...some(evidence.hits.filter((hit) => !hit.verified).map(nameOf), 'did not verify'),
    ...some(findBadAttempts(evidence, expected), 'attempts out of order or too many'),
    ...some(findStray(evidence), 'delivery of no acknowledged message'),
    ...(expected.repeats === 'never' ? some(repeats, 'sent again after it was taken') : []),
    ...Object.entries(evidence.unfinished).flatMap(([what, count]) =>
      count > 0 ? [`${count} ${what} left`] : [],
    ),
  ];
  const count = (state: string) => evidence.deliveries.filter((delivery) => delivery.state === state).length;
  return {
    figures: {
      accepted: evidence.acknowledged.size,
      deliveries: evidence.deliveries.length,
      delivered: count('delivered'),
      dead: count('dead'),
      requests: evidence.hits.length,
      repeats: repeats.length,
      lost: lost.length,
    },
    findings,
  };
}

/** Acknowledged × subscribed without exactly one delivery that ended as it may. */
function findLost(evidence: Evidence, { ends }: Expectation): string[] {
  const byPair = groupBy(evidence.deliveries, (delivery) =>
    pair(delivery.messageId, delivery.subscriptionId),
  );
  const lost: string[] = [];
  for (const [n, messageId] of evidence.acknowledged) {
    if (!evidence.stored.has(messageId)) lost.push(`${n} is not stored`);
    for (const { id } of evidence.subscriptions.filter((subscription) => subscription.wants(n))) {
      const found = byPair.get(pair(messageId, id)) ?? [];
      const [delivery] = found;
      if (found.length !== 1 || delivery === undefined) lost.push(`${n} has ${found.length} deliveries`);
      else if (!ends.includes(delivery.state))
        lost.push(`${n} ended ${delivery.state} ${delivery.reason ?? ''}`);
      else if (delivery.state === 'dead' && delivery.reason === undefined)
        lost.push(`${n} is dead for no reason`);
    }
  }
  return lost;
}

/** Accepted, or refused soon and for a while; or the connection broke. */
function findOddAnswers({ answers, slowestRefusalMs }: Evidence): string[] {
  const odd = [...answers.keys()].filter((status) => !ANSWERS.includes(status)).map(String);
  return slowestRefusalMs > REFUSED_WITHIN_MS
    ? [...odd, `a refusal after ${Math.round(slowestRefusalMs)} ms`]
    : odd;
}

function findDeliveredUnseen({ deliveries, hits }: Evidence): string[] {
  const taken = new Set(hits.filter(wasTaken).map((hit) => hit.deliveryId));
  return deliveries.filter(({ id, state }) => state === 'delivered' && !taken.has(id)).map(({ id }) => id);
}

/** Without its 202 a message may be stored or not; either way its publisher must have sent it. */
function findUninvited({ hits, stored, sent }: Evidence): string[] {
  return hits
    .filter((hit) => !stored.has(hit.messageId) || hit.n === undefined || !sent.has(hit.n))
    .map(nameOf);
}

/** Numbers rise from attempt to attempt, and begin anew only when a delivery was started again. */
function findBadAttempts({ deliveries, hits }: Evidence, { maxAttempts }: Expectation): string[] {
  const sentOf = groupBy(hits, (hit) => hit.deliveryId);
  return deliveries.flatMap(({ id, generation, attempts }) => {
    const sent = (sentOf.get(id) ?? []).map((hit) => hit.attempt);
    const recordedBadly = beginnings(attempts, (next, last) => next <= last) > generation;
    const sentBadly = beginnings(sent, (next, last) => next < last) > generation;
    return recordedBadly || sentBadly || attempts.length > maxAttempts * generation ? [id] : [];
  });
}

function beginnings(numbers: readonly number[], isAnew: (next: number, last: number) => boolean): number {
  return numbers.filter((next, index) => index === 0 || isAnew(next, numbers[index - 1] ?? 0)).length;
}

function findStray({ deliveries, stored }: Evidence): string[] {
  return deliveries.filter(({ messageId }) => !stored.has(messageId)).map(({ id }) => id);
}

function countRepeats(hits: readonly Hit[]): string[] {
  const taken = new Set<string>();
  return hits.flatMap((hit) => {
    const again = taken.has(hit.deliveryId);
    if (wasTaken(hit)) taken.add(hit.deliveryId);
    return again ? [nameOf(hit)] : [];
  });
}

function wasTaken({ answered }: Hit): boolean {
  return typeof answered === 'number' && answered >= 200 && answered < 300;
}

const pair = (messageId: string, subscriptionId: string) => `${messageId} ${subscriptionId}`;
const nameOf = (hit: Hit) => `${hit.messageId} (number ${hit.n}, attempt ${hit.attempt})`;

function some(found: readonly string[], what: string): string[] {
  if (found.length === 0) return [];
  return [`${found.length} ${what}: ${found.slice(0, 3).join('; ')}${found.length > 3 ? '; …' : ''}`];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
