import type { ErasureId, PartnerId, TopicId } from './ids.ts';

/** `topic`: all messages of a topic that was deleted. */
export const ERASURE_KINDS = ['key', 'path', 'topic'] as const;
export type ErasureKind = (typeof ERASURE_KINDS)[number];
export const ERASURE_STATES = ['running', 'done'] as const;
export type ErasureState = (typeof ERASURE_STATES)[number];

/** Messages of a company that lose their contents. Times are milliseconds since the epoch. */
export type Erasure = {
  readonly id: ErasureId;
  readonly partnerId: PartnerId;
  /** Undefined: of all topics of the company. */
  readonly topicId: TopicId | undefined;
  readonly kind: ErasureKind;
  /** Of what is looked for, keyed: equal for equal ones. */
  readonly criterionHash: string | undefined;
  readonly reason: string;
  readonly state: ErasureState;
  readonly matched: number;
  readonly erased: number;
  /** Over all that was erased so far, in its order. */
  readonly proofHash: string | undefined;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | undefined;
};

/** A company has so many running at once, beside those of its deleted topics. */
export const RUNNING_ERASURES_MAX = 5;
