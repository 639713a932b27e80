import * as signing from '@anika/contracts/signing';
import * as acts from '@anika/contracts/subscription-acts';
import * as contract from '@anika/contracts/subscriptions';
import type { Caller } from '@anika/core/access';

import type { NotSent } from '@anika/core/delivery/attempt-result';

import { NOTICES, noticesTopicOf } from '@anika/core/notice/notice';
import type { Subscription } from '@anika/core/subscription';
import type { Counted, Health } from '@anika/core/subscription/health';
import { withoutCredentials } from '@anika/core/subscription/shown-url';
import { HIDDEN_VALUE, shownHeaders } from '@anika/core/subscription/stored-headers';
import type { Tried } from '@anika/destinations/destination';
import type { WebhookKeys } from '@anika/destinations/webhook/webhook-keys';
import { filterView } from '../grants/grant-view.ts';
import { mayCall, partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, isoOrNull, msOf } from '../http/times.ts';
import type { ReadHealth } from './read-health.ts';
import type { SecretView, SigningSecretsOf } from './signing-secrets.ts';
import { type EndpointRules, parseSubscription } from './subscription-input.ts';
import type { Subscriptions } from './subscriptions.ts';

const DEFAULT_GRACE_SECONDS = 86_400;
const NO_STORE = { 'Cache-Control': 'no-store' };

/** The whole address is for those who may change it. */
function urlView({ delivery, url }: Subscription, caller: Caller | undefined): string | null {
  if (delivery === 'pull') return null;
  return mayCall(contract.updateSubscription.access, caller) ? url : withoutCredentials(url, HIDDEN_VALUE);
}

/** Values of headers are for nobody. */
function subscriptionView(subscription: Subscription, caller: Caller | undefined) {
  const { id, topicId, eventTypes, timeoutMs, maxConcurrency, state } = subscription;
  return {
    id,
    topicId,
    delivery: { type: subscription.delivery },
    url: urlView(subscription, caller),
    eventTypes,
    filter: filterView(subscription.filter),
    headers: subscription.headers ? shownHeaders(subscription.headers) : null,
    timeoutMs,
    maxConcurrency,
    rateLimitPerSecond: subscription.rateLimitPerSecond ?? null,
    description: subscription.description ?? null,
    signature: subscription.signature,
    format: subscription.format,
    state,
    stateReason: subscription.stateReason ?? null,
    createdAt: iso(subscription.createdAtMs),
    updatedAt: iso(subscription.updatedAtMs),
  };
}

/** Shows one of these subscriptions and how it does. */
async function withHealth(
  subscriptions: readonly Subscription[],
  caller: Caller | undefined,
  { readHealth }: Pick<Needs, 'readHealth'>,
) {
  const healths = await readHealth(subscriptions, partnerCaller(caller).partnerId);
  return (subscription: Subscription) => {
    const health = healths.get(subscription.id);
    return {
      ...subscriptionView(subscription, caller),
      health: health === undefined ? null : healthView(health),
    };
  };
}

function secretView({ secret, earlier }: SecretView) {
  const previousSecrets = earlier.map((each) => ({ secret: each.secret, until: iso(each.untilMs) }));
  return { secret, previousSecretUntil: previousSecrets[0]?.until ?? null, previousSecrets };
}

const NOT_SENT = 'not sent: too many requests of your company to this host are under way; try again';

function testView(tried: Tried | NotSent) {
  const none = { delivered: false, status: null, response: null };
  if (tried.kind === 'not-sent') return { ...none, error: NOT_SENT, durationMs: 0 };
  const { result } = tried.evidence;
  const { durationMs } = result;
  if (result.kind === 'error') return { ...none, error: result.message, durationMs };
  const { status, bodyStart: response } = result;
  return { delivered: tried.kind === 'accepted', status, error: null, durationMs, response };
}

function countedView({ count, isMore }: Counted) {
  return { count, more: isMore };
}

function healthView(health: Health) {
  return {
    state: health.state,
    failingSince: isoOrNull(health.failingSinceMs),
    willBeDisabledAt: isoOrNull(health.willBeDisabledAtMs),
    lastDeliveredAt: isoOrNull(health.lastDeliveredMs),
    oldestPendingAt: isoOrNull(health.oldestPendingMs),
    open: countedView(health.open),
    held: countedView(health.held),
    dead: countedView(health.dead),
  };
}

type Needs = {
  readonly subscriptions: Subscriptions;
  readonly secrets: SigningSecretsOf;
  readonly readHealth: ReadHealth;
  readonly rules: EndpointRules;
  readonly webhookKeys: Pick<WebhookKeys, 'jwks'>;
};

export function subscriptionRoutes(needs: Needs): BoundRoute[] {
  const { subscriptions, secrets, rules, webhookKeys } = needs;
  const one = (route: typeof acts.pauseSubscription, act: Subscriptions['get']) =>
    bindRoute(route, async ({ params, caller }) => ({
      body: subscriptionView(await act(pathId('sub', params.id), partnerCaller(caller)), caller),
    }));

  return [
    bindRoute(contract.createSubscription, async ({ body: { topicId, ...body }, bodyText, caller }) => {
      const id = topicId === NOTICES ? NOTICES : pathId('top', topicId);
      const { delivery: { type: delivery } = { type: 'webhook' as const }, secret: ownSecret, verify } = body;
      const fields = {
        ...parseSubscription(body, bodyText, rules),
        delivery,
        secret: ownSecret,
        verify,
        startFromMs: msOf(body.startFrom),
      };
      const { subscription, secret } = await subscriptions.create(id, fields, partnerCaller(caller));
      return { body: { ...subscriptionView(subscription, caller), secret }, headers: NO_STORE };
    }),
    bindRoute(signing.webhookKeys, async () => ({
      body: await webhookKeys.jwks(),
      headers: { 'Cache-Control': 'public, max-age=60' },
    })),
    bindRoute(contract.listSubscriptions, async ({ query, caller }) => {
      const by = partnerCaller(caller);
      const topicId = query.topicId === NOTICES ? noticesTopicOf(by.partnerId) : query.topicId;
      const found = await subscriptions.list(by, { ...pageRequest(query), topicId });
      const view = await withHealth(found.slice(0, query.limit), caller, needs);
      return { body: pageOf(found, query.limit, { cursor: ({ id }) => id, view }) };
    }),
    bindRoute(contract.getSubscription, async ({ params, caller }) => {
      const found = await subscriptions.get(pathId('sub', params.id), partnerCaller(caller));
      const view = await withHealth([found], caller, needs);
      return { body: view(found) };
    }),
    bindRoute(contract.updateSubscription, async ({ params, body, bodyText, caller }) => {
      const patch = parseSubscription(body, bodyText, rules);
      const updated = await subscriptions.update(pathId('sub', params.id), patch, partnerCaller(caller));
      return { body: subscriptionView(updated, caller) };
    }),
    bindRoute(contract.deleteSubscription, async ({ params, caller }) => {
      await subscriptions.remove(pathId('sub', params.id), partnerCaller(caller));
      return {};
    }),
    one(acts.verifySubscription, subscriptions.verify),
    one(acts.pauseSubscription, subscriptions.pause),
    one(acts.resumeSubscription, subscriptions.resume),
    bindRoute(acts.testSubscription, async ({ params, caller }) => ({
      body: testView(await subscriptions.test(pathId('sub', params.id), partnerCaller(caller))),
    })),
    bindRoute(signing.rotateSecret, async ({ params, body, caller }) => {
      const graceSeconds = body?.graceSeconds ?? DEFAULT_GRACE_SECONDS;
      const id = pathId('sub', params.id);
      const rotated = await secrets.rotate(id, graceSeconds, partnerCaller(caller));
      return { body: secretView(rotated), headers: NO_STORE };
    }),
    bindRoute(signing.getSecret, async ({ params, caller }) => ({
      body: secretView(await secrets.read(pathId('sub', params.id), partnerCaller(caller))),
      headers: NO_STORE,
    })),
  ];
}
