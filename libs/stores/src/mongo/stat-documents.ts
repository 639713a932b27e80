import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { type Figures, KEPT_MS, STEPS, type StatScope, type Step, scopeKey } from '@anika/core/stats/figures';
import type { Collection, Db } from 'mongodb';

/** Figures of one scope in one step of time; with what it is about, for rankings. */
export type StatDocument = {
  /** The scope's key and its time: those of one scope follow each other. */
  _id: string;
  at: Date;
  kind: StatScope['kind'];
  topicId?: TopicId;
  ownerId?: PartnerId;
  partnerId?: PartnerId;
  subscriptionId?: SubscriptionId;
  accepted: number;
  delivered: number;
  dead: number;
  failed: number;
  /** Deliveries by bucket. */
  times: Record<string, number>;
  /** When they were counted: an earlier count does not replace a later one. */
  countedAt: Date;
};

/** A delivery was made for a minute that has been counted: its minute is counted again. */
export type LateDocument = {
  _id: string;
  minute: Date;
  subscriptionId: SubscriptionId;
  markedAt: Date;
};

export type StatState = {
  _id: 'roll-up';
  /** Minutes before this are counted for good. */
  closedUntil?: Date;
  holder?: string;
  heldUntil?: Date;
};

export type StatCollections = {
  readonly of: Readonly<Record<Step, Collection<StatDocument>>>;
  readonly late: Collection<LateDocument>;
  readonly state: Collection<StatState>;
};

export function statCollections(db: Db): StatCollections {
  return {
    of: {
      minute: db.collection('statMinutes'),
      hour: db.collection('statHours'),
      day: db.collection('statDays'),
    },
    late: db.collection('statLate'),
    state: db.collection('statState'),
  };
}

/** Each step has a retention of its own; the server sees to it. */
export async function createStatIndexes(db: Db): Promise<void> {
  const { of } = statCollections(db);
  const expiring = (step: Step) =>
    of[step].createIndex({ at: 1 }, { name: 'expires', expireAfterSeconds: KEPT_MS[step] / 1000 });
  await Promise.all(STEPS.map(expiring));
}

export function statId(scope: StatScope, atMs: number): string {
  return `${scopeKey(scope)} ${new Date(atMs).toISOString()}`;
}

export function toFigures({ accepted, delivered, dead, failed, times }: StatDocument): Figures {
  const buckets = Object.entries(times).map(([bucket, count]): [number, number] => [Number(bucket), count]);
  return { accepted, delivered, dead, failed, times: new Map(buckets) };
}
