import type { AccessRequestId, PartnerId, TopicId } from './ids.ts';

export const ACCESS_REQUEST_STATES = ['requested', 'approved', 'refused', 'withdrawn'] as const;
export type AccessRequestState = (typeof ACCESS_REQUEST_STATES)[number];

/** A reader asks the owner of a listed topic to be let in. Times are milliseconds since the epoch. */
export type AccessRequest = {
  readonly id: AccessRequestId;
  readonly topicId: TopicId;
  /** Who asks. */
  readonly partnerId: PartnerId;
  /** Who decides. */
  readonly ownerId: PartnerId;
  readonly purpose: string;
  /** Until when access is asked for. */
  readonly untilMs: number | undefined;
  readonly state: AccessRequestState;
  /** Why it was refused. */
  readonly reason: string | undefined;
  readonly createdAtMs: number;
  readonly decidedAtMs: number | undefined;
};
