import type { Grant } from '@anika/core/access';

import type { SubscriptionId } from '@anika/core/ids';
import type { WebhookDestination } from '@anika/destinations/webhook/webhook';
import type { Logger } from '@anika/runtime/logger';
import pLimit from 'p-limit';
import type { ReadyTarget } from '../deliver/ready-target.ts';

export type NotifyNeeds = {
  readonly subscriptionsOf: (grant: Grant) => Promise<readonly SubscriptionId[]>;
  readonly findTarget: (id: SubscriptionId) => Promise<ReadyTarget | undefined>;
  readonly send: WebhookDestination['send'];
  readonly newId: () => string;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** Notices under way at once. */
const AT_ONCE = 50;

type Notice = { readonly grant: Grant; readonly days: number; readonly signal: AbortSignal };

/**
 * Tells each active endpoint of a reader that its grant will end: one signed POST of type `anika.grant.expiring`, not
 * repeated. Whoever misses it finds the same in the audit log and in `expiresAt` of the grant.
 */
export function createNotifyEndpoints(needs: NotifyNeeds) {
  const limit = pLimit(AT_ONCE);
  return async ({ grant, days }: { grant: Grant; days: number }, signal: AbortSignal): Promise<void> => {
    try {
      const ids = await needs.subscriptionsOf(grant);
      await Promise.all(ids.map((id) => limit(() => notify(id, { grant, days, signal }, needs))));
    } catch (error) {
      needs.logger.warn({ err: error, grantId: grant.id }, 'endpoints not told that their grant will end');
    }
  };
}

async function notify(
  id: SubscriptionId,
  { grant, days, signal }: Notice,
  needs: NotifyNeeds,
): Promise<void> {
  const ready = await needs.findTarget(id);
  if (ready === undefined) return;
  const { state, delivery } = ready.target.subscription;
  if (state !== 'active' || delivery === 'pull') return;
  const { topic } = ready.target;
  const nowMs = needs.clock.now();
  const event = {
    id: needs.newId(),
    type: 'anika.grant.expiring',
    timestampMs: nowMs,
    dataText: JSON.stringify({
      grantId: grant.id,
      topicId: grant.topicId,
      expiresAt: new Date(grant.expiresAtMs ?? nowMs).toISOString(),
      daysLeft: days,
    }),
    topic: { id: topic.id, name: topic.name },
    publisher: { id: topic.ownerId, name: topic.ownerName },
  };
  const tried = await needs.send(event, ready.endpoint, { signal });
  const facts = { grantId: grant.id, subscriptionId: id };
  if (tried.kind === 'not-sent') return needs.logger.info(facts, 'grant notice not sent');
  const { result } = tried.evidence;
  const status = result.kind === 'response' ? result.status : undefined;
  const errorClass = result.kind === 'error' ? result.errorClass : undefined;
  needs.logger.info({ ...facts, status, errorClass }, 'grant notice sent');
}
