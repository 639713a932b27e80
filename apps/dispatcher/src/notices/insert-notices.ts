import type { KeepNoticesNeeds } from '@anika/broker/keep-notices';
import { Failure } from '@anika/core/failures';
import { ItemError, splitOnFailure } from '@anika/runtime/split-on-failure';
import type { MessageStore, NewMessage } from '@anika/stores/mongo/messages';

export type InsertNoticesNeeds = {
  readonly insert: MessageStore['insert'];
  /** Told of each that no store would ever take. */
  readonly putDown: (notice: NewMessage, reason: Failure) => void;
};

/**
 * Stores them one by one where they fail together, and resolves with those that are there. One that cannot be stored
 * as it is stays out: asked for again and again it would hold up everybody's. Any other reason fails all: what is left
 * out would never be told, and those told of again are found to be there.
 */
export function createInsertNotices({ insert, putDown }: InsertNoticesNeeds): KeepNoticesNeeds['insert'] {
  return async (batch) => {
    const outcomes = await splitOnFailure(batch, insert);
    const unstorable = outcomes.map((outcome) =>
      outcome instanceof ItemError ? failureOf(outcome) : undefined,
    );
    batch.forEach((notice, index) => {
      const reason = unstorable[index];
      if (reason !== undefined) putDown(notice, reason);
    });
    return batch.filter((_, index) => unstorable[index] === undefined);
  };
}

/** The store's word for what the document itself is the reason of. @throws whatever else it was */
function failureOf({ error }: ItemError): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
