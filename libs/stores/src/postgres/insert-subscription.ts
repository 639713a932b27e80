import { Failure } from '@anika/core/failures';
import type { Subscription } from '@anika/core/subscription';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Tx } from './client.ts';
import { optionalDate } from './page.ts';
import { bumpRouting } from './routing-version.ts';
import { type StartFrom, type StartFromThen, startFromThen } from './start-from.ts';
import {
  type SubscriptionSettings,
  settingsColumns,
  sharedAuditView,
  toSubscription,
} from './subscription-row.ts';
import { ownerOf } from './topic-owner.ts';

export type NewSubscription = SubscriptionSettings &
  Pick<Subscription, 'id' | 'partnerId' | 'topicId' | 'delivery'> & {
    readonly sealedSecret: string;
    /** Why it is pending. */
    readonly stateReason?: string | undefined;
  } & StartFrom;
export type SubscriptionCreation = Change & StartFromThen & { readonly max?: number };

/** Undefined: the topic is deleted. */
export async function insertSubscription(
  tx: Tx,
  subscription: NewSubscription,
  { max, replayId, ...change }: SubscriptionCreation,
): Promise<Subscription | undefined> {
  const { id, partnerId, topicId, sealedSecret, startFromMs } = subscription;
  if (!(await bumpRouting(tx, topicId))) return undefined;
  // Under the topic's lock: two at once are counted one after the other.
  const count = await tx.subscription.count({ where: { topicId, partnerId, deletedAt: null } });
  if (max !== undefined && count >= max) {
    throw new Failure(
      'limit-reached',
      `You have ${count} subscriptions on this topic, the most there may be`,
    );
  }
  const at = new Date(change.atMs);
  const row = await tx.subscription.create({
    data: {
      ...settingsColumns(subscription),
      id,
      partnerId,
      topicId,
      delivery: subscription.delivery,
      ...(subscription.delivery === 'pull' && { state: 'active', verifiedAt: at, verifiedUrl: '' }),
      secret: sealedSecret,
      stateReason: subscription.stateReason ?? null,
      startFrom: optionalDate(startFromMs),
      createdAt: at,
      updatedAt: at,
    },
  });
  const created = toSubscription(row);
  await appendAudit(tx, {
    ...auditedBy(change),
    topicId,
    subjectId: id,
    action: 'subscription.created',
    partnerIds: [partnerId, await ownerOf(tx, topicId)],
    after: { ...sharedAuditView(created), state: created.state },
  });
  if (created.state === 'active') await startFromThen(tx, created, { ...change, replayId });
  return created;
}
