import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { addFigures, type Figures, NO_FIGURES, type StatScope, scopeKey } from '@anika/core/stats/figures';
import type { AcceptedOf, Ended, Span } from '@anika/stores/mongo/stat-sources';
import type { StatRow } from '@anika/stores/mongo/stats';
import type { StatSubject } from '@anika/stores/postgres/stat-subjects';

export type CountNeeds = {
  readonly topics: () => Promise<ReadonlyMap<TopicId, PartnerId>>;
  readonly subscriptionsOf: (
    topicIds: readonly TopicId[],
    sinceMs: number,
  ) => Promise<readonly StatSubject[]>;
  readonly acceptedOfTopics: (ids: readonly TopicId[], span: Span) => Promise<readonly AcceptedOf<TopicId>[]>;
  readonly acceptedOfSubscriptions: (
    ids: readonly SubscriptionId[],
    span: Span,
  ) => Promise<readonly AcceptedOf<SubscriptionId>[]>;
  readonly acceptedOfReader: (
    ids: readonly SubscriptionId[],
    span: Span,
  ) => Promise<readonly { readonly atMs: number; readonly count: number }[]>;
  readonly ended: (span: Span) => AsyncIterable<Ended>;
};

const ALL: StatScope = { kind: 'installation' };

/** Adds what comes in to the rows that it belongs to. */
export function createTally() {
  const rows = new Map<string, StatRow>();
  return {
    add(
      scope: StatScope,
      about: StatRow['about'],
      at: { readonly atMs: number; readonly figures: Figures },
    ): void {
      const key = `${scopeKey(scope)} ${at.atMs}`;
      const before = rows.get(key)?.figures ?? NO_FIGURES;
      rows.set(key, { scope, atMs: at.atMs, about, figures: addFigures(before, at.figures) });
    },
    rows: (): StatRow[] => [...rows.values()],
  };
}

type Tally = ReturnType<typeof createTally>;

/** The figures of every minute of a span, for everybody: from messages and deliveries, whoever counts and how often. */
export function createCountFigures(needs: CountNeeds): (span: Span) => Promise<StatRow[]> {
  return async (span) => {
    const tally = createTally();
    await countAccepted(tally, span, needs);
    for await (const one of needs.ended(span)) addEnded(tally, one);
    return tally.rows();
  };
}

async function countAccepted(tally: Tally, span: Span, needs: CountNeeds): Promise<void> {
  const owners = await needs.topics();
  const ofTopics = await needs.acceptedOfTopics([...owners.keys()], span);
  for (const { id: topicId, atMs, count } of ofTopics) {
    const at = { atMs, figures: { ...NO_FIGURES, accepted: count } };
    const ownerId = owners.get(topicId);
    tally.add({ kind: 'topic', topicId }, { topicId, ...(ownerId && { ownerId }) }, at);
    tally.add(ALL, {}, at);
  }
  const active = [...new Set(ofTopics.map(({ id }) => id))];
  const subjects = await needs.subscriptionsOf(active, span.fromMs);
  await countReaders(tally, { subjects, span, needs });
}

type Readers = {
  readonly subjects: readonly StatSubject[];
  readonly span: Span;
  readonly needs: Pick<CountNeeds, 'acceptedOfSubscriptions' | 'acceptedOfReader'>;
};

/** Messages meant for a reader: each once, however many subscriptions of it have it. */
async function countReaders(tally: Tally, { subjects, span, needs }: Readers): Promise<void> {
  const byId = new Map(subjects.map((subject) => [subject.subscriptionId, subject]));
  const found = await needs.acceptedOfSubscriptions([...byId.keys()], span);
  const pairs = new Map<string, { subject: StatSubject; ids: Set<SubscriptionId>; rows: typeof found }>();
  for (const row of found) {
    const subject = byId.get(row.id);
    if (subject === undefined) continue;
    const figures = { ...NO_FIGURES, accepted: row.count };
    tally.add({ kind: 'subscription', subscriptionId: row.id }, subject, { atMs: row.atMs, figures });
    const key = scopeKey({ ...subject, kind: 'pair' });
    const pair = pairs.get(key) ?? { subject, ids: new Set(), rows: [] };
    pairs.set(key, { subject, ids: pair.ids.add(row.id), rows: [...pair.rows, row] });
  }
  for (const { subject, ids, rows } of pairs.values()) {
    const { topicId, ownerId, partnerId } = subject;
    const counts = ids.size === 1 ? rows : await needs.acceptedOfReader([...ids], span);
    for (const { atMs, count } of counts) {
      const at = { atMs, figures: { ...NO_FIGURES, accepted: count } };
      tally.add({ kind: 'pair', topicId, partnerId }, { topicId, ownerId, partnerId }, at);
    }
  }
}

function addEnded(tally: Tally, one: Ended): void {
  const { topicId, ownerId, partnerId, subscriptionId, atMs } = one;
  const at = { atMs, figures: figuresOf(one) };
  tally.add({ kind: 'subscription', subscriptionId }, { topicId, ownerId, partnerId, subscriptionId }, at);
  tally.add({ kind: 'pair', topicId, partnerId }, { topicId, ownerId, partnerId }, at);
  tally.add({ kind: 'topic', topicId }, { topicId, ownerId }, at);
  tally.add(ALL, {}, at);
}

function figuresOf(one: Ended): Figures {
  const { count } = one;
  if (one.what !== 'delivered') return { ...NO_FIGURES, [one.what]: count };
  return { ...NO_FIGURES, delivered: count, times: new Map([[one.bucket, count]]) };
}

/** How many were accepted for some readers in a span, in one row of a step each. */
export async function countAcceptedOnce(
  subjects: readonly StatSubject[],
  span: Span,
  needs: Readers['needs'],
): Promise<StatRow[]> {
  const tally = createTally();
  await countReaders(tally, { subjects, span, needs });
  const whole = createTally();
  for (const { scope, about, figures } of tally.rows())
    whole.add(scope, about, { atMs: span.fromMs, figures });
  return whole.rows();
}
