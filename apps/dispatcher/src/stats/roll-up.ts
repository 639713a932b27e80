import type { SubscriptionId } from '@anika/core/ids';
import { floorTo, STEP_MS, type Step } from '@anika/core/stats/figures';
import { CLOSES_AFTER_MS, FIRST_BACK_MS, MARK_RIPE_MS, SPAN_MS } from '@anika/core/stats/roll-up-times';
import type { Span } from '@anika/stores/mongo/stat-sources';
import type { LateMark, StatRow, StatStore } from '@anika/stores/mongo/stats';
import type { StatSubject } from '@anika/stores/postgres/stat-subjects';
import { type CountNeeds, countAcceptedOnce, createTally } from './count-figures.ts';

export type RollUpNeeds = Pick<CountNeeds, 'acceptedOfSubscriptions' | 'acceptedOfReader'> & {
  readonly store: StatStore;
  readonly count: (span: Span) => Promise<readonly StatRow[]>;
  readonly pairsOf: (ids: readonly SubscriptionId[]) => Promise<readonly StatSubject[]>;
  /** This process, among those that count. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly clock: { now(): number };
};

const MARKS_AT_ONCE = 500;
const COARSER = [
  { step: 'hour', from: 'minute' },
  { step: 'day', from: 'hour' },
] as const;

/**
 * Counts the minutes that are not counted for good yet, then the hours and days that are complete with them. Each run
 * counts from the truth and replaces what stood there: it may be broken off at any line, and be repeated by anybody.
 */
export function createRollUp(needs: RollUpNeeds): () => Promise<void> {
  const { store, clock, holder } = needs;

  const mayCount = () => store.lease(holder, { nowMs: clock.now(), ms: needs.leaseMs });

  async function countMinutes(fromMs: number, untilMs: number): Promise<void> {
    for (let at = fromMs; at < untilMs && (await mayCount()); at += SPAN_MS) {
      const span = { fromMs: at, toMs: Math.min(untilMs, at + SPAN_MS) };
      const countedAtMs = clock.now();
      await store.replace('minute', span, await needs.count(span), countedAtMs);
    }
  }

  /** Those that have ended between the two. */
  async function addUp(fromMs: number, closedMs: number): Promise<void> {
    for (const { step, from } of COARSER) {
      for (let at = floorTo(step, fromMs); at + STEP_MS[step] <= closedMs; at += STEP_MS[step]) {
        await addUpOne(step, from, at);
      }
    }
  }

  async function addUpOne(step: Step, from: Step, atMs: number): Promise<void> {
    const span = { fromMs: atMs, toMs: atMs + STEP_MS[step] };
    const countedAtMs = clock.now();
    const tally = createTally();
    for await (const { scope, about, figures } of store.all(from, span))
      tally.add(scope, about, { atMs, figures });
    await store.replace(step, span, tally.rows(), countedAtMs);
  }

  /** Deliveries that were made long after their messages were accepted belong to steps that are counted. */
  async function countLate(closedMs: number): Promise<void> {
    for (;;) {
      const marks = await store.lateMarks(clock.now() - MARK_RIPE_MS, MARKS_AT_ONCE);
      if (marks.length === 0) return;
      const subjects = await needs.pairsOf([...new Set(marks.map(({ subscriptionId }) => subscriptionId))]);
      for (const step of ['minute', 'hour', 'day'] as const)
        await recount(step, { marks, subjects, closedMs });
      await store.removeLateMarks(marks);
      if (marks.length < MARKS_AT_ONCE) return;
    }
  }

  async function recount(step: Step, { marks, subjects, closedMs }: Late): Promise<void> {
    const named = new Map<number, Set<SubscriptionId>>();
    for (const { minuteMs, subscriptionId } of marks) {
      const atMs = floorTo(step, minuteMs);
      if (atMs + STEP_MS[step] > closedMs) continue;
      named.set(atMs, (named.get(atMs) ?? new Set()).add(subscriptionId));
    }
    for (const [atMs, ids] of named) {
      const span = { fromMs: atMs, toMs: atMs + STEP_MS[step] };
      const rows = await countAcceptedOnce(readersOf(subjects, ids), span, needs);
      await store.setAccepted(step, rows, clock.now());
    }
  }

  return async () => {
    if (!(await mayCount())) return;
    const nowMs = clock.now();
    const fromMs = (await store.closedUntil()) ?? floorTo('day', nowMs - FIRST_BACK_MS);
    const closedMs = Math.max(fromMs, floorTo('minute', nowMs - CLOSES_AFTER_MS));
    await countMinutes(fromMs, floorTo('minute', nowMs) + STEP_MS.minute);
    // Whoever took over counts it all.
    if (!(await mayCount())) return;
    await addUp(fromMs, closedMs);
    await countLate(closedMs);
    await store.close(closedMs);
  };
}

type Late = {
  readonly marks: readonly LateMark[];
  readonly subjects: readonly StatSubject[];
  readonly closedMs: number;
};

/** All subscriptions of the readers of these: of a message for two of them it is counted once. */
function readersOf(subjects: readonly StatSubject[], ids: ReadonlySet<SubscriptionId>): StatSubject[] {
  const pair = ({ topicId, partnerId }: StatSubject) => `${topicId}/${partnerId}`;
  const pairs = new Set(subjects.filter(({ subscriptionId }) => ids.has(subscriptionId)).map(pair));
  return subjects.filter((subject) => pairs.has(pair(subject)));
}
