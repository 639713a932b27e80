import type { Delivery, DeliveryState, NewDelivery } from '@anika/core/delivery/delivery';
import { OPEN } from '@anika/core/delivery/delivery';
import { DONE_FROM } from '@anika/core/delivery/transition';
import type { DeliveryId, ReplayId } from '@anika/core/ids';
import { type Replay, STARTS_AGAIN } from '@anika/core/replay/replay';
import { guarded, type Mongo, REPLAYED } from './client.ts';
import { type DeliveryDocument, sweptAt, toDelivery } from './delivery-document.ts';
import { insertGroup } from './insert-group.ts';
import { stateAmong } from './state-among.ts';

/** What a replay has to know of a delivery that is there already. */
export type KnownDelivery = { readonly state: DeliveryState; readonly replayId: ReplayId | undefined };

export type StateCounts = Partial<Readonly<Record<DeliveryState, number>>>;

/** Clocks of two machines differ. */
const DUE_SOON_MS = 1000;

type Needs = {
  readonly sweepAt: (dueMs: number) => Date;
  readonly toDocument: (delivery: NewDelivery) => DeliveryDocument;
};

/** What replays do to deliveries, and count of them. */
export function createReplayedDeliveries(mongo: Mongo, { sweepAt, toDocument }: Needs) {
  return {
    async known(ids: readonly DeliveryId[]): Promise<Map<DeliveryId, KnownDelivery>> {
      const projection = { state: 1, replayId: 1 } as const;
      const found = await guarded(() =>
        mongo.deliveries
          .find({ _id: { $in: [...ids] } }, { projection, batchSize: ids.length + 1 })
          .toArray(),
      );
      return new Map(found.map(({ _id, state, replayId }) => [_id, { state, replayId }]));
    },

    /**
     * Makes deliveries and starts others again, those that the replay has not started before; returns which of all of
     * these are its own and still to be sent. Done once more after a crash, it changes nothing and returns the same.
     */
    async startReplayed(
      { id: replayId, only }: Pick<Replay, 'id' | 'only'>,
      start: {
        readonly make: readonly NewDelivery[];
        readonly again: readonly DeliveryId[];
        readonly ours: readonly DeliveryId[];
      },
      nowMs: number,
    ): Promise<Delivery[]> {
      const { make, again, ours } = start;
      if (make.length > 0) {
        await guarded(() => insertGroup(mongo, mongo.deliveries, make.map(toDocument)));
      }
      if (again.length > 0) {
        const state = stateAmong(DONE_FROM[STARTS_AGAIN[only]]);
        await guarded(() =>
          mongo.deliveries.updateMany(
            { _id: { $in: [...again] }, state, replayId: { $ne: replayId } },
            anew(replayId, sweepAt(nowMs)),
          ),
        );
      }
      const ids = [...make.map(({ id }) => id), ...again, ...ours];
      const found = await guarded(() =>
        mongo.deliveries
          .find(
            { _id: { $in: ids }, replayId, state: stateAmong(OPEN) },
            { projection: { attempts: 0 }, batchSize: ids.length + 1 },
          )
          .toArray(),
      );
      return found.map(toDelivery);
    },

    /**
     * What has failed so far starts again, its schedule too; the sweep queues it. Returns how many. A request of what
     * is due may be under way: it is left to its schedule.
     */
    async restartFailed(
      { id: replayId }: Pick<Replay, 'id' | 'subscriptionId'>,
      nowMs: number,
    ): Promise<number> {
      const result = await guarded(() =>
        mongo.deliveries.updateMany(
          {
            replayId,
            state: stateAmong(DONE_FROM['replay-failed']),
            // Whoever has pulled it may be about to say what came of it.
            'lease.until': { $not: { $gt: new Date(nowMs) } },
            $or: [{ state: 'dead' }, { nextAttemptAt: { $gt: new Date(nowMs + DUE_SOON_MS) } }],
          },
          anew(replayId, new Date(nowMs)),
          { hint: REPLAYED },
        ),
      );
      return result.modifiedCount;
    },

    /** How many of a replay's are in each of these states. */
    async countReplayed(
      replayIds: readonly ReplayId[],
      states: readonly DeliveryState[],
    ): Promise<Map<ReplayId, StateCounts>> {
      type Group = { _id: { replayId: ReplayId; state: DeliveryState }; n: number };
      const groups = await guarded(() =>
        mongo.deliveries
          .aggregate<Group>(
            [
              { $match: { replayId: { $in: [...replayIds] }, state: { $in: [...states] } } },
              { $group: { _id: { replayId: '$replayId', state: '$state' }, n: { $sum: 1 } } },
            ],
            { hint: REPLAYED },
          )
          .toArray(),
      );
      const counts = new Map<ReplayId, StateCounts>();
      for (const { _id, n } of groups) {
        counts.set(_id.replayId, { ...counts.get(_id.replayId), [_id.state]: n });
      }
      return counts;
    },
  };
}

/** As `transition` has it: due since it was accepted, so that many go out in that order. */
function anew(replayId: ReplayId, sweepAt: Date) {
  return [
    {
      $set: {
        state: 'pending',
        nextAttemptAt: '$acceptedAt',
        sweepAt: sweptAt(sweepAt),
        generation: { $add: ['$generation', 1] },
        attemptCount: 0,
        replayId,
      },
    },
    { $unset: ['reason', 'finishedAt'] },
  ];
}
