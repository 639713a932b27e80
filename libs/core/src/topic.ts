import type { PartnerId, TopicId } from './ids.ts';

export const TOPIC_VISIBILITIES = ['private', 'listed'] as const;
export type TopicVisibility = (typeof TOPIC_VISIBILITIES)[number];

/** What a partner publishes to. Times are milliseconds since the epoch. */
export type Topic = {
  readonly id: TopicId;
  readonly owner: { readonly id: PartnerId; readonly name: string };
  readonly name: string;
  readonly description: string | undefined;
  readonly visibility: TopicVisibility;
  readonly retentionDays: number;
  /** JSON text of the JSON Schema that the data of its messages must fit; its numbers have all their digits. */
  readonly schema: string | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/** What a caller of the catalogue has to do with a listed topic. */
export type TopicAccess = 'owner' | 'granted' | 'requested' | 'none';
