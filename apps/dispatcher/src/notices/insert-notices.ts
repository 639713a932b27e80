import type { KeepNoticesNeeds } from '@anika/broker/keep-notices';
import { Failure } from '@anika/core/failures';
import { ItemError, splitOnFailure } from '@anika/runtime/split-on-failure';
import type { MessageStore } from '@anika/stores/mongo/messages';

export type InsertNoticesNeeds = { readonly insert: MessageStore['insert'] };

/**
 * Stores them one by one where they fail together, and resolves with those that are there. One that cannot be stored
 * as it is stays out: asked for again and again it would hold up everybody's. Any other reason fails all: what is left
 * out would never be told, and those told of again are found to be there.
 */
export function createInsertNotices({ insert }: InsertNoticesNeeds): KeepNoticesNeeds['insert'] {
  return async (batch, refuse) => {
    const outcomes = await splitOnFailure(batch, insert);
    const unstorable = outcomes.map((outcome) =>
      outcome instanceof ItemError ? failureOf(outcome) : undefined,
    );
    batch.forEach((notice, index) => {
      const reason = unstorable[index];
      if (reason !== undefined) refuse(notice, reason);
    });
    return batch.filter((_, index) => unstorable[index] === undefined);
  };
}

/** The store's word for what the document itself is the reason of. @throws whatever else it was */
function failureOf({ error }: ItemError): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
