import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { type Figures, type FiguresAt, floorTo, type StatScope, type Step } from '@anika/core/stats/figures';
import { type AnyBulkWriteOperation, MongoBulkWriteError, MongoServerError } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { type StatDocument, statCollections, statId, toFigures } from './stat-documents.ts';
import type { Span } from './stat-sources.ts';

/** Figures of one scope in one step, with what they are about. */
export type StatRow = {
  readonly scope: StatScope;
  readonly atMs: number;
  readonly figures: Figures;
  readonly about: {
    readonly topicId?: TopicId;
    readonly ownerId?: PartnerId;
    readonly partnerId?: PartnerId;
    readonly subscriptionId?: SubscriptionId;
  };
};

export type LateMark = {
  readonly id: string;
  readonly minuteMs: number;
  readonly subscriptionId: SubscriptionId;
  readonly markedAtMs: number;
};

const WRITE_AT_ONCE = 1000;
const DUPLICATE_KEY = 11000;

function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function toDocument({ scope, atMs, figures, about }: StatRow, countedAt: Date): StatDocument {
  const { times, ...counts } = figures;
  return {
    _id: statId(scope, atMs),
    at: new Date(atMs),
    kind: scope.kind,
    ...about,
    ...counts,
    times: Object.fromEntries(times),
    countedAt,
  };
}

export type StatStore = ReturnType<typeof createStatStore>;

/** Figures by minute, hour and day. All of them can be counted again from messages and deliveries. */
export function createStatStore({ db }: Mongo) {
  const { of, late, state } = statCollections(db);

  async function write(step: Step, updates: readonly AnyBulkWriteOperation<StatDocument>[]): Promise<void> {
    for (let at = 0; at < updates.length; at += WRITE_AT_ONCE) {
      const some = updates.slice(at, at + WRITE_AT_ONCE);
      await guarded(() => of[step].bulkWrite(some, { ordered: false })).catch(onlyDuplicates);
    }
  }

  return {
    /**
     * Figures of all of a span: what was counted there before and is not among them was taken back since. What somebody
     * else has counted later stays.
     */
    async replace(step: Step, span: Span, rows: readonly StatRow[], countedAtMs: number): Promise<void> {
      const countedAt = new Date(countedAtMs);
      const updates = rows.map((row) => {
        const document = toDocument(row, countedAt);
        const filter = { _id: document._id, countedAt: { $lte: countedAt } };
        return { replaceOne: { filter, replacement: document, upsert: true } };
      });
      await write(step, updates);
      const at = { $gte: new Date(span.fromMs), $lt: new Date(span.toMs) };
      await guarded(() => of[step].deleteMany({ at, countedAt: { $lt: countedAt } }));
    },

    /** How many were accepted, counted anew; the other figures stay. */
    async setAccepted(step: Step, rows: readonly StatRow[], countedAtMs: number): Promise<void> {
      await write(
        step,
        rows.map((row) => {
          const { _id, accepted, at, kind, countedAt, ...rest } = toDocument(row, new Date(countedAtMs));
          const { delivered, dead, failed, times, ...about } = rest;
          const first = { at, kind, countedAt, delivered, dead, failed, times, ...about };
          return {
            updateOne: { filter: { _id }, update: { $set: { accepted }, $setOnInsert: first }, upsert: true },
          };
        }),
      );
    },

    /** All rows of a span, in no order. */
    async *all(step: Step, { fromMs, toMs }: Span): AsyncGenerator<StatRow> {
      const found = of[step].find({ at: { $gte: new Date(fromMs), $lt: new Date(toMs) } });
      for await (const document of found) yield toRow(document);
    },

    /** Figures of one scope; closed days and hours from those, what is younger from finer ones. */
    async read(scope: StatScope, { fromMs, toMs }: Span, step: Step): Promise<FiguresAt[]> {
      const closedMs = (await guarded(() => state.findOne({ _id: 'roll-up' })))?.closedUntil?.getTime() ?? 0;
      const parts: FiguresAt[] = [];
      for (const { of: finer, ...part } of partsOf({ fromMs, toMs }, step, closedMs)) {
        const _id = { $gte: statId(scope, part.fromMs), $lt: statId(scope, part.toMs) };
        const found = await guarded(() => of[finer].find({ _id }).toArray());
        parts.push(...found.map((one) => ({ ...toFigures(one), atMs: one.at.getTime() })));
      }
      return parts;
    },

    /** Whether this holder may count now; it has the lease for `ms` from now on. */
    async lease(holder: string, { nowMs, ms }: { nowMs: number; ms: number }): Promise<boolean> {
      const free = {
        $or: [{ holder }, { heldUntil: { $lt: new Date(nowMs) } }, { holder: { $exists: false } }],
      };
      const taken = { $set: { holder, heldUntil: new Date(nowMs + ms) } };
      try {
        await guarded(() => state.updateOne({ _id: 'roll-up', ...free }, taken, { upsert: true }));
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    async release(holder: string): Promise<void> {
      await guarded(() =>
        state.updateOne({ _id: 'roll-up', holder }, { $unset: { holder: 1, heldUntil: 1 } }),
      );
    },

    async closedUntil(): Promise<number | undefined> {
      return (await guarded(() => state.findOne({ _id: 'roll-up' })))?.closedUntil?.getTime();
    },

    async close(untilMs: number): Promise<void> {
      await guarded(() => state.updateOne({ _id: 'roll-up' }, { $max: { closedUntil: new Date(untilMs) } }));
    },

    async lateMarks(beforeMs: number, limit: number): Promise<LateMark[]> {
      const found = await guarded(() =>
        late
          .find({ markedAt: { $lt: new Date(beforeMs) } })
          .limit(limit)
          .toArray(),
      );
      return found.map(({ _id, minute, subscriptionId, markedAt }) => ({
        id: _id,
        minuteMs: minute.getTime(),
        subscriptionId,
        markedAtMs: markedAt.getTime(),
      }));
    },

    /** One that was set again meanwhile stays. */
    async removeLateMarks(marks: readonly LateMark[]): Promise<void> {
      const removals = marks.map(({ id, markedAtMs }) => ({
        deleteOne: { filter: { _id: id, markedAt: new Date(markedAtMs) } },
      }));
      if (removals.length > 0) await guarded(() => late.bulkWrite(removals, { ordered: false }));
    },
  };
}

function toRow(document: StatDocument): StatRow {
  const { kind, at, topicId, ownerId, partnerId, subscriptionId } = document;
  const about = {
    ...(topicId && { topicId }),
    ...(ownerId && { ownerId }),
    ...(partnerId && { partnerId }),
    ...(subscriptionId && { subscriptionId }),
  };
  return { scope: scopeOf(kind, about), atMs: at.getTime(), figures: toFigures(document), about };
}

function scopeOf(
  kind: StatScope['kind'],
  { topicId, partnerId, subscriptionId }: StatRow['about'],
): StatScope {
  if (kind === 'topic' && topicId !== undefined) return { kind, topicId };
  if (kind === 'pair' && topicId !== undefined && partnerId !== undefined)
    return { kind, topicId, partnerId };
  if (kind === 'subscription' && subscriptionId !== undefined) return { kind, subscriptionId };
  return { kind: 'installation' };
}

type Part = Span & { readonly of: Step };

/** Which figures a span is read from: coarse ones as far as they are closed. */
function partsOf({ fromMs, toMs }: Span, step: Step, closedMs: number): Part[] {
  const until = {
    day: step === 'day' ? floorTo('day', closedMs) : fromMs,
    hour: step === 'minute' ? fromMs : floorTo('hour', closedMs),
  };
  const day = { of: 'day' as const, fromMs, toMs: Math.min(toMs, until.day) };
  const hourFrom = Math.max(fromMs, until.day);
  const hour = { of: 'hour' as const, fromMs: hourFrom, toMs: Math.min(toMs, until.hour) };
  const minute = { of: 'minute' as const, fromMs: Math.max(hourFrom, until.hour), toMs };
  return [day, hour, minute].filter((part) => part.fromMs < part.toMs);
}

/** Somebody else has counted later: that stays. */
function onlyDuplicates(error: unknown): void {
  const errors = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : undefined;
  if (errors === undefined || errors.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
}
