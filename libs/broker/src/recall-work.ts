import type { TopicId } from '@anika/core/ids';
import type { Recalled } from '@anika/core/recall';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { RecallReason } from '@anika/stores/mongo/delivery-recalls';
import type { RecallStore } from '@anika/stores/mongo/recalls';
import type { WordBlockStore } from '@anika/stores/mongo/word-blocks';
import { createCancelUnstored } from './cancel-unstored.ts';
import { createCarryOutRecall, silence } from './carry-out-recall.ts';
import type { Job } from './fan-out.ts';
import { createRemoveWords } from './remove-words.ts';
import type { CompiledRoute } from './route-cache.ts';

export type RecallParts = {
  readonly routes: { readonly get: (topicId: TopicId) => Promise<CompiledRoute | undefined> };
  readonly deliveries: Pick<
    DeliveryStore,
    'insert' | 'record' | 'existing' | 'cancelRecalled' | 'dropAnswers' | 'reachedBy'
  >;
  readonly recalls: Pick<RecallStore, 'keepNotice' | 'textsBetween'>;
  readonly wordBlocks: Pick<WordBlockStore, 'around' | 'removeWords'>;
  readonly queues: {
    readonly addDeliveries: (jobs: readonly Job[]) => Promise<void>;
    readonly removeDeliveries: (jobs: readonly Pick<Job, 'deliveryId' | 'g'>[]) => Promise<void>;
  };
  /** Told that the queue was away: a job that is left is refused, one that is missing is made by the sweep. */
  readonly failed: (error: unknown) => void;
  readonly clock: { now(): number };
};

/** What api and dispatchers do with a message that is taken back, put together from their stores. */
export function createRecallWork({
  routes,
  deliveries,
  recalls,
  wordBlocks,
  queues,
  failed,
  clock,
}: RecallParts) {
  const route = routes.get;
  const removeJobs = (jobs: readonly Pick<Job, 'deliveryId' | 'g'>[]) =>
    queues.removeDeliveries(jobs).catch(failed);
  return {
    /** Of a topic that is no more: nobody is left to be told, and its words go together. */
    silence: (recalled: Pick<Recalled, 'id'>, reason: RecallReason) =>
      silence(recalled, reason, { ...deliveries, removeJobs, clock }),
    carryOut: createCarryOutRecall({
      route,
      insertDeliveries: deliveries.insert,
      cancelRecalled: deliveries.cancelRecalled,
      dropAnswers: deliveries.dropAnswers,
      reachedBy: deliveries.reachedBy,
      existing: deliveries.existing,
      keepNotice: recalls.keepNotice,
      removeWords: createRemoveWords({
        around: wordBlocks.around,
        removeWords: wordBlocks.removeWords,
        textsBetween: recalls.textsBetween,
      }),
      removeJobs,
      addJobs: (jobs) => queues.addDeliveries(jobs).catch(failed),
      clock,
    }),
    cancelUnstored: createCancelUnstored({ route, record: deliveries.record, removeJobs, clock }),
  };
}
