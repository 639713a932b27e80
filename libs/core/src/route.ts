import type { Grant } from './access.ts';
import type { PartnerId, TopicId } from './ids.ts';
import type { Subscription } from './subscription.ts';

/** Everything publishing and fan-out must know of a topic. */
export type Route = {
  readonly topic: {
    readonly id: TopicId;
    readonly name: string;
    readonly ownerId: PartnerId;
    readonly ownerName: string;
    readonly ownerActive: boolean;
    readonly retentionDays: number;
    /** JSON text. */
    readonly schema: string | undefined;
    /** Grows with every change of its grants and subscriptions. */
    readonly routingVersion: number;
  };
  /** All grants, the expired and revoked ones too. */
  readonly grants: ReadonlyMap<PartnerId, Grant>;
  readonly subscriptions: readonly Subscription[];
  readonly suspendedPartners: ReadonlySet<PartnerId>;
};

/** Everything a dispatcher must know to send to one subscription. */
export type Target = {
  readonly subscription: Subscription;
  /** The present one first, then the earlier ones whose grace lasts. */
  readonly sealedSecrets: readonly string[];
  readonly topic: {
    readonly id: TopicId;
    readonly name: string;
    readonly ownerId: PartnerId;
    readonly ownerName: string;
    readonly deleted: boolean;
    readonly ownerActive: boolean;
  };
  readonly readerActive: boolean;
  readonly grant: Grant | undefined;
};

/** The companies on both sides of a subscription: whose it is, and whose topic it is on. */
export function sidesOf({
  subscription,
  topic,
}: Pick<Target, 'subscription' | 'topic'>): readonly PartnerId[] {
  return [subscription.partnerId, topic.ownerId];
}
