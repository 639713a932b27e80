import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import {
  DELIVERY_TYPES,
  FORMATS,
  SIGNATURES,
  SUBSCRIPTION_STATES,
  type Subscription,
} from '@anika/core/subscription';
import { withoutCredentials } from '@anika/core/subscription/shown-url';
import type { StateTransition } from '@anika/core/subscription/transition';
import type { Prisma, Subscription as SubscriptionRow } from './generated/client.ts';
import { filterAuditView, readFilterColumn, toJsonColumn } from './json-column.ts';
import { headersColumn, readHeadersColumn } from './sealed-columns.ts';
import { wordColumn } from './word-column.ts';

/** What the subscriber says about a subscription and may change. */
export type SubscriptionSettings = Pick<
  Subscription,
  | 'url'
  | 'eventTypes'
  | 'filter'
  | 'headers'
  | 'timeoutMs'
  | 'maxConcurrency'
  | 'rateLimitPerSecond'
  | 'description'
  | 'signature'
  | 'format'
>;

export type PublicSubscriptionRow = Omit<
  SubscriptionRow,
  'secret' | 'previousSecrets' | 'previousSecret' | 'previousSecretUntil' | 'startFrom' | 'deletedAt'
>;

const readDelivery = wordColumn('subscriptions.delivery', DELIVERY_TYPES);
const readSignature = wordColumn('subscriptions.signature', SIGNATURES);
const readFormat = wordColumn('subscriptions.format', FORMATS);
const readState = wordColumn('subscriptions.state', SUBSCRIPTION_STATES);

export function toSubscription(row: PublicSubscriptionRow): Subscription {
  return {
    id: row.id as SubscriptionId,
    partnerId: row.partnerId as PartnerId,
    topicId: row.topicId as TopicId,
    delivery: readDelivery(row.delivery),
    url: row.url,
    eventTypes: row.eventTypes,
    filter: readFilterColumn(row.filter),
    headers: readHeadersColumn(row.headers),
    timeoutMs: row.timeoutMs,
    maxConcurrency: row.maxConcurrency,
    rateLimitPerSecond: row.rateLimitPerSecond ?? undefined,
    description: row.description ?? undefined,
    signature: readSignature(row.signature),
    format: readFormat(row.format),
    state: readState(row.state),
    stateReason: row.stateReason ?? undefined,
    verifiedAtMs: row.verifiedAt?.getTime(),
    endpointVerified: row.verifiedUrl === row.url,
    failingSinceMs: row.failingSince?.getTime(),
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
  };
}

export function settingsColumns(settings: SubscriptionSettings) {
  return {
    url: settings.url,
    eventTypes: [...settings.eventTypes],
    filter: settings.filter?.text ?? null,
    headers: toJsonColumn(settings.headers && headersColumn(settings.headers)),
    timeoutMs: settings.timeoutMs,
    maxConcurrency: settings.maxConcurrency,
    rateLimitPerSecond: settings.rateLimitPerSecond ?? null,
    description: settings.description ?? null,
    signature: settings.signature,
    format: settings.format,
  };
}

export function stateColumns({ state, reason }: StateTransition) {
  return { state, stateReason: reason ?? null };
}

/** For the audit log. Headers and the query of the address often hold credentials: only their names are kept. */
export function settingsAuditView(
  settings: SubscriptionSettings & Pick<Subscription, 'delivery'>,
): Prisma.InputJsonObject {
  const view = {
    ...(settings.delivery === 'pull'
      ? { delivery: settings.delivery }
      : { url: withoutCredentials(settings.url, '…') }),
    eventTypes: [...settings.eventTypes],
    filter: filterAuditView(settings.filter),
    headerNames: Object.keys(settings.headers ?? {}),
    timeoutMs: settings.timeoutMs,
    maxConcurrency: settings.maxConcurrency,
    rateLimitPerSecond: settings.rateLimitPerSecond ?? null,
    description: settings.description ?? null,
    signature: settings.signature,
    format: settings.format,
  };
  return view as unknown as Prisma.InputJsonObject;
}

/**
 * For entries that the topic's owner reads too: to whom its data goes, and no more. A path may be a secret, and what a
 * reader filters by and why is its own affair.
 */
export function sharedAuditView({
  delivery,
  url,
  eventTypes,
}: Pick<Subscription, 'delivery' | 'url' | 'eventTypes'>): Prisma.InputJsonObject {
  const where = delivery === 'pull' ? { delivery } : { host: URL.canParse(url) ? new URL(url).host : '' };
  return { ...where, eventTypes: [...eventTypes] };
}
