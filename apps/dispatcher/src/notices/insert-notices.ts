import type { KeepNoticesNeeds } from '@anika/broker/keep-notices';
import { ItemError } from '@anika/runtime/split-on-failure';
import type { MessageStore } from '@anika/stores/mongo/messages';

/** Stores them all or says why not: one that is left would never be told. */
export function createInsertNotices(insert: MessageStore['insert']): KeepNoticesNeeds['insert'] {
  return async (batch) => {
    const failed = (await insert(batch)).find((outcome) => outcome instanceof ItemError);
    if (failed !== undefined) throw failed.error;
  };
}
