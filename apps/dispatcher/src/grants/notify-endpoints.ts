import type { Grant } from '@anika/core/access';
import type { SendResult } from '@anika/core/delivery/attempt-result';
import type { SubscriptionId } from '@anika/core/ids';
import { composeBody, signRequest } from '@anika/destinations/webhook/request';
import type { Logger } from '@anika/runtime/logger';
import pLimit from 'p-limit';
import type { ReadyTarget } from '../deliver/targets.ts';

export type NotifyNeeds = {
  readonly subscriptionsOf: (grant: Grant) => Promise<readonly SubscriptionId[]>;
  readonly findTarget: (id: SubscriptionId) => Promise<ReadyTarget | undefined>;
  readonly send: (request: {
    partnerId: string;
    url: string;
    headers: Readonly<Record<string, string>>;
    body: string;
    timeoutMs: number;
    signal: AbortSignal;
  }) => Promise<SendResult>;
  readonly newId: () => string;
  readonly userAgent: string;
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
  if (ready === undefined || ready.target.subscription.state !== 'active') return;
  const { subscription, topic } = ready.target;
  const nowMs = needs.clock.now();
  const body = composeBody({
    type: 'anika.grant.expiring',
    timestampMs: nowMs,
    dataText: JSON.stringify({
      grantId: grant.id,
      topicId: grant.topicId,
      expiresAt: new Date(grant.expiresAtMs ?? nowMs).toISOString(),
      daysLeft: days,
    }),
    key: undefined,
    topic: { id: topic.id, name: topic.name },
    publisher: { id: topic.ownerId, name: topic.ownerName },
  });
  const { headers } = signRequest({
    id: needs.newId(),
    body,
    secrets: ready.secrets,
    nowMs,
    userAgent: needs.userAgent,
    customHeaders: ready.customHeaders,
    subscriptionId: subscription.id,
  });
  const { partnerId, url, timeoutMs } = subscription;
  const result = await needs.send({ partnerId, url, headers, body, timeoutMs, signal });
  const status = result.kind === 'response' ? result.status : undefined;
  const errorClass = result.kind === 'error' ? result.errorClass : undefined;
  const facts = { grantId: grant.id, subscriptionId: id, status, errorClass };
  needs.logger.info(facts, result.kind === 'not-sent' ? 'grant notice not sent' : 'grant notice sent');
}
