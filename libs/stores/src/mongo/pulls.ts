import type { Attempt, Delivery, Lease } from '@anika/core/delivery/delivery';
import { OPEN } from '@anika/core/delivery/delivery';
import type { DeliveryId, SubscriptionId } from '@anika/core/ids';
import type { AnyBulkWriteOperation, Document, Filter } from 'mongodb';
import { BY_ACCEPTANCE, guarded, isAway, type Mongo, PULL_AGAIN, PULL_FIRST } from './client.ts';
import {
  type DeliveryDocument,
  failedAtOf,
  toDelivery,
  toStoredAttempt,
  toStoredLease,
} from './delivery-document.ts';
import { createLeaseEnds } from './lease-ends.ts';
import { MAX_ATTEMPTS_KEPT } from './limits.ts';
import { stateAmong } from './state-among.ts';

/** A delivery as it was found, and the lease that it is to get. */
export type Claim = {
  readonly found: Delivery;
  readonly lease: Lease;
  /** What the lease before it came to, where that has lapsed. */
  readonly lapsed: Attempt | undefined;
};

export type Extension = {
  readonly ids: readonly DeliveryId[];
  readonly token: string;
  readonly untilMs: number;
};

/** There is something to be pulled of this subscription from this time on. */
export type Due = { readonly id: SubscriptionId; readonly atMs: number };

export type PullStore = ReturnType<typeof createPullStore>;

const DURABLY_TOGETHER = { ordered: false, writeConcern: { w: 'majority', j: true } } as const;

/** Deliveries that their readers fetch, and the leases they have on them. */
export function createPullStore(mongo: Mongo) {
  const { deliveries } = mongo;

  return {
    ...createLeaseEnds(mongo),

    /** What has not been given yet, in the order of acceptance; nothing that is leased. */
    findFirst(subscriptionId: SubscriptionId, nowMs: number, limit: number): Promise<Delivery[]> {
      return readDue(
        // Leased all the same: held while it was, and let go.
        { subscriptionId, pull: true, state: 'pending', 'lease.until': { $not: { $gt: new Date(nowMs) } } },
        { index: PULL_FIRST, sort: BY_ACCEPTANCE, max: limit },
      );
    },

    /** What comes again, the longest due first. */
    findAgain(subscriptionId: SubscriptionId, nowMs: number, limit: number): Promise<Delivery[]> {
      return readDue(
        { subscriptionId, pull: true, state: 'retrying', nextAttemptAt: { $lte: new Date(nowMs) } },
        { index: PULL_AGAIN, sort: { nextAttemptAt: 1, ...BY_ACCEPTANCE }, max: limit },
      );
    },

    /** Durably. Answers which were still as they were found: these are leased now. */
    async claim(claims: readonly Claim[]): Promise<Set<DeliveryId>> {
      const [first] = claims;
      if (first === undefined) return new Set();
      const writes = alike(claims).map(toClaim);
      const write = () => deliveries.bulkWrite(writes, DURABLY_TOGETHER);
      const { modifiedCount } = await guarded(() => write().catch((error) => onceMore(error, write)));
      const ids = claims.map(({ found }) => found.id);
      if (modifiedCount === claims.length) return new Set(ids);
      const { token } = first.lease;
      return idsOf(await guarded(() => withIds({ _id: { $in: ids }, 'lease.token': token })));
    },

    /** By their ids, with their leases; of this subscription only. */
    async findLeased(
      subscriptionId: SubscriptionId,
      ids: readonly DeliveryId[],
    ): Promise<Map<DeliveryId, Delivery>> {
      const found = await guarded(() =>
        deliveries
          .find(
            { _id: { $in: [...ids] }, subscriptionId, lease: { $exists: true } },
            { projection: { attempts: 0 }, batchSize: ids.length + 1 },
          )
          .toArray(),
      );
      return new Map(found.map((document) => [document._id, toDelivery(document)]));
    },

    /** Leases that live go on until another time; answers which. */
    async extend(extensions: readonly Extension[], nowMs: number): Promise<Set<DeliveryId>> {
      if (extensions.length === 0) return new Set();
      await guarded(() =>
        deliveries.bulkWrite(
          extensions.map((extension) => toExtension(extension, nowMs)),
          DURABLY_TOGETHER,
        ),
      );
      const extended = extensions.map(({ ids, token, untilMs }) => ({
        _id: { $in: [...ids] },
        'lease.token': token,
        'lease.until': new Date(untilMs),
      }));
      return idsOf(await guarded(() => withIds({ $or: extended })));
    },

    /** Leases that lapsed and of which nothing has been noted, the longest lapsed first. */
    async findLapsed(beforeMs: number, limit: number): Promise<Delivery[]> {
      const found = await guarded(() =>
        deliveries
          .find(
            { 'lease.until': { $exists: true, $lte: new Date(beforeMs) } },
            { projection: { attempts: 0 }, hint: 'leased' },
          )
          .sort({ 'lease.until': 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toDelivery);
    },

    /** For which of these subscriptions there is something to be pulled, or will be until a time; and from when on. */
    async withDue(
      ids: readonly SubscriptionId[],
      { nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number },
    ): Promise<Due[]> {
      const among = { subscriptionId: { $in: [...ids] }, pull: true };
      const read = <G>(match: Document, group: Document, index: string) =>
        deliveries
          .aggregate<{ _id: G }>([{ $match: match }, { $group: { _id: group } }], {
            hint: index,
            batchSize: ids.length + 1,
          })
          .toArray();
      const id = '$subscriptionId';
      const first = { ...among, state: 'pending', 'lease.until': { $not: { $gt: new Date(nowMs) } } };
      const again = { ...among, state: 'retrying', nextAttemptAt: { $lte: new Date(untilMs) } };
      // What is due already is one group, however long it has waited.
      const at = { $max: ['$nextAttemptAt', new Date(nowMs)] };
      const [found, coming] = await guarded(() =>
        Promise.all([
          read<{ id: SubscriptionId }>(first, { id }, PULL_FIRST),
          read<{ id: SubscriptionId; at: Date }>(again, { id, at }, PULL_AGAIN),
        ]),
      );
      return [
        ...found.map(({ _id }) => ({ id: _id.id, atMs: nowMs })),
        ...coming.map(({ _id }) => ({ id: _id.id, atMs: _id.at.getTime() })),
      ];
    },

    /** One that was stored as if it were to be sent: from now on it is fetched. */
    async leaveToReader(id: DeliveryId): Promise<void> {
      await guarded(() =>
        deliveries.updateOne(
          { _id: id, state: stateAmong(OPEN), pull: { $exists: false } },
          { $set: { pull: true }, $unset: { sweepAt: 1 } },
        ),
      );
    },
  };

  async function readDue(
    filter: Filter<DeliveryDocument>,
    { index, sort, max }: { readonly index: string; readonly sort: Document; readonly max: number },
  ): Promise<Delivery[]> {
    const found = await guarded(() =>
      deliveries
        .find(filter, { projection: { attempts: 0 }, hint: index, batchSize: max + 1 })
        .sort(sort)
        .limit(max)
        .toArray(),
    );
    return found.map(toDelivery);
  }

  function withIds(filter: Filter<DeliveryDocument>): Promise<{ _id: DeliveryId }[]> {
    return deliveries.find(filter, { projection: { _id: 1 } }).toArray();
  }
}

/**
 * The driver does not try a write of many again by itself when the primary changes or a connection breaks. It may have
 * been done in part: what is claimed already is not as it was found, and stays as it is; it is told by the token.
 */
function onceMore<R>(error: unknown, write: () => Promise<R>): Promise<R> {
  if (!isAway(error)) throw error;
  return write();
}

function idsOf(found: readonly { readonly _id: DeliveryId }[]): Set<DeliveryId> {
  return new Set(found.map(({ _id }) => _id));
}

/** As many in one write as were found alike: the server has half the work with them. */
function alike(claims: readonly Claim[]): Claim[][] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    const { state, generation, attemptCount, lease } = claim.found;
    const key = JSON.stringify([state, generation, attemptCount, lease?.token, claim.lapsed === undefined]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [claim]);
    else group.push(claim);
  }
  return [...groups.values()];
}

/** Only as they were found: of two who claim one the second is too late. Each gets what is its own by its place. */
function toClaim(group: readonly Claim[]): AnyBulkWriteOperation<DeliveryDocument> {
  const [first] = group;
  if (first === undefined) throw new Error('a group of claims is never empty');
  const { state, generation, attemptCount, lease } = first.found;
  const ids = group.map(({ found }) => found.id);
  const leased = lease === undefined ? { lease: { $exists: false } } : { 'lease.token': lease.token };
  const own = (values: readonly unknown[]) => ({ $arrayElemAt: [{ $literal: values }, '$$place'] });
  const lapsed = group.flatMap((claim) => claim.lapsed ?? []).map(toStoredAttempt);
  return {
    updateMany: {
      filter: { _id: { $in: ids }, state, generation, attemptCount, ...leased },
      update: [
        {
          $replaceWith: {
            $let: {
              vars: { place: { $indexOfArray: [{ $literal: ids }, '$_id'] } },
              in: {
                $mergeObjects: [
                  '$$ROOT',
                  own(group.map(given)),
                  first.lapsed !== undefined && {
                    attempts: {
                      $slice: [{ $concatArrays: ['$attempts', [own(lapsed)]] }, -MAX_ATTEMPTS_KEPT],
                    },
                  },
                ].filter((part) => part !== false),
              },
            },
          },
        },
      ],
    },
  };
}

function given({ lease, lapsed }: Claim) {
  return {
    state: 'retrying',
    nextAttemptAt: new Date(lease.untilMs),
    lease: toStoredLease(lease),
    attemptCount: lease.n - 1,
    ...(lapsed !== undefined && failedAtOf(lapsed, 'retrying')),
  } satisfies Partial<DeliveryDocument>;
}

/** Of one that was held meanwhile and let go, `nextAttemptAt` is not the end of its lease. */
function toExtension(
  { ids, token, untilMs }: Extension,
  nowMs: number,
): AnyBulkWriteOperation<DeliveryDocument> {
  const until = new Date(untilMs);
  const isLeft = { $eq: ['$state', 'retrying'] };
  return {
    updateMany: {
      filter: {
        _id: { $in: [...ids] },
        state: stateAmong(OPEN),
        'lease.token': token,
        'lease.until': { $gt: new Date(nowMs) },
      },
      update: [
        { $set: { 'lease.until': until, nextAttemptAt: { $cond: [isLeft, until, '$nextAttemptAt'] } } },
      ],
    },
  };
}
