import type { Filter as MessageFilter } from '@anika/core/filter';
import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';

/** A position in a list ordered by time and id, newest first. */
export type TimeCursor = { readonly acceptedAtMs: number; readonly id: string };

/** What a caller may see of one topic, as far as the database can tell. */
export type SearchScope = {
  readonly topicId: TopicId;
  /** Set for a reader: only messages for everybody or for this partner. */
  readonly readerId?: PartnerId;
  readonly types?: readonly string[];
  readonly sinceMs?: number;
  /** The grant's filter, the caller's `where`. */
  readonly filters: readonly MessageFilter[];
};

export type MessageSearch = {
  readonly scopes: readonly SearchScope[];
  /**
   * Narrows to messages near some that have words beginning like each of these. Not given where a grant's mask or
   * filter hides some: what is near would tell of it.
   */
  readonly words?: readonly string[] | undefined;
  /** Those whose time has not come, and no others. */
  readonly isScheduled?: boolean | undefined;
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly after?: TimeCursor | undefined;
  readonly limit: number;
};

export type SearchPage = {
  readonly messages: readonly Message[];
  /** Where to go on; undefined: there are no more. */
  readonly next: TimeCursor | undefined;
};

export function cursorOf(message: Message | undefined): TimeCursor | undefined {
  return message && { acceptedAtMs: message.acceptedAtMs, id: message.id };
}
