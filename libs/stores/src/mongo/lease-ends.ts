import type { Lease, StatusIn } from '@anika/core/delivery/delivery';
import { attemptError, type LeaseEndKind } from '@anika/core/delivery/lease';
import { FOUND_FROM } from '@anika/core/delivery/transition';
import type { DeliveryId } from '@anika/core/ids';
import type { Document } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { type DeliveryDocument, toStatusUpdate } from './delivery-document.ts';
import { MAX_ATTEMPTS_KEPT } from './limits.ts';
import { stateAmong } from './state-among.ts';

/** A lease that ends, and what becomes of its delivery if it is still as it was when it was leased. */
export type LeaseEnding = {
  readonly id: DeliveryId;
  readonly lease: Pick<Lease, 'token' | 'generation'>;
  readonly kind: LeaseEndKind;
  readonly status: StatusIn<'delivered' | 'retrying' | 'dead'>;
};

const DURABLY = { writeConcern: { w: 'majority', j: true } } as const;

/** The ends of leases, as many in one write as have the same end. */
export function createLeaseEnds(mongo: Mongo) {
  const { deliveries } = mongo;

  /** Its attempt is in its history whatever else became of the delivery meanwhile: it was given all the same. */
  async function endGroup(group: readonly LeaseEnding[], nowMs: number): Promise<DeliveryId[]> {
    const [first] = group;
    if (first === undefined) return [];
    const { lease, kind, status } = first;
    const ids = group.map(({ id }) => id);
    const { $set, $unset } = toStatusUpdate(status, undefined);
    const attempts = withAttempt(kind, nowMs);
    const failed = kind === 'done' ? {} : { failedAt: new Date(nowMs) };
    const leased = { _id: { $in: ids }, 'lease.token': lease.token };
    const counted = await deliveries.updateMany(
      { ...leased, generation: lease.generation, state: stateAmong(FOUND_FROM[status.state]) },
      [
        { $set: { ...$set, ...failed, attemptCount: '$lease.n', attempts } },
        { $unset: ['lease', ...Object.keys($unset)] },
      ],
      DURABLY,
    );
    if (counted.modifiedCount === ids.length) return ids;
    const late = await deliveries.updateMany(
      leased,
      [{ $set: { ...failed, attempts } }, { $unset: 'lease' }],
      DURABLY,
    );
    if (counted.modifiedCount + late.modifiedCount === ids.length) return ids;
    return endedAs(ids, $set);
  }

  /** Somebody else ended some of them in this very moment: ours are those that are as we have left them. */
  async function endedAs(ids: readonly DeliveryId[], status: Document): Promise<DeliveryId[]> {
    const found = await deliveries
      .find({ _id: { $in: [...ids] }, lease: { $exists: false }, ...status }, { projection: { _id: 1 } })
      .toArray();
    return found.map(({ _id }) => _id);
  }

  return {
    /** Durably. Answers which of them were ended by this: the lease of another had ended already. */
    async endLeases(endings: readonly LeaseEnding[], nowMs: number): Promise<Set<DeliveryId>> {
      const groups = [...groupsOf(endings).values()];
      const ended = await guarded(() => Promise.all(groups.map((group) => endGroup(group, nowMs))));
      return new Set(ended.flat());
    },
  };
}

function groupsOf(endings: readonly LeaseEnding[]): Map<string, LeaseEnding[]> {
  const groups = new Map<string, LeaseEnding[]>();
  for (const ending of endings) {
    const { lease, kind, status } = ending;
    const key = JSON.stringify([lease.token, lease.generation, kind, status]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [ending]);
    else group.push(ending);
  }
  return groups;
}

/** The attempts with the one that the lease was: what was given is known to the lease itself. */
function withAttempt(kind: LeaseEndKind, nowMs: number): Document {
  const now = new Date(nowMs);
  const attempt: Partial<Record<keyof DeliveryDocument['attempts'][number], unknown>> = {
    n: '$lease.n',
    at: '$lease.at',
    durationMs: { $max: [0, { $subtract: [now, '$lease.at'] }] },
    ...attemptError(kind),
    bodyHash: '$lease.bodyHash',
    signature: '$lease.signature',
    spanId: '$lease.spanId',
    grantVersion: '$lease.grantVersion',
  };
  return { $slice: [{ $concatArrays: ['$attempts', [attempt]] }, -MAX_ATTEMPTS_KEPT] };
}
