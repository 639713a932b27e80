import * as contract from '@anika/contracts/explain';
import { invalid } from '@anika/core/failures';
import { isId, type SubscriptionId } from '@anika/core/ids';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { ExplainMessage, Explanation, Position } from './explain-message.ts';
import { factView } from './fact-view.ts';

function explanationView(row: Explanation) {
  const { partnerId, partnerName, subscriptionId, delivery, changedSince, rules } = row;
  return {
    partnerId,
    partnerName,
    subscriptionId: subscriptionId ?? null,
    outcome: delivery === undefined ? 'none' : 'delivery',
    deliveryId: delivery?.id ?? null,
    state: delivery?.state ?? null,
    reason: delivery?.reason ?? null,
    changedSince,
    rules: rules.map(({ fact, ...judged }) => ({ ...judged, fact: factView(fact) })),
  };
}

function encodePosition({ partnerId, subscriptionId }: Position): string {
  return Buffer.from(`${partnerId} ${subscriptionId ?? ''}`).toString('base64url');
}

function decodePosition(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [partnerId, subscriptionId, ...more] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const isSubscription =
    subscriptionId === '' || (subscriptionId !== undefined && isId('sub', subscriptionId));
  if (partnerId === undefined || !isId('par', partnerId) || !isSubscription || more.length > 0) {
    throw invalid('cursor', 'is not a nextCursor of this list');
  }
  return {
    partnerId,
    subscriptionId: subscriptionId === '' ? undefined : (subscriptionId as SubscriptionId),
  };
}

export function explainRoutes(explain: ExplainMessage): BoundRoute[] {
  return [
    bindRoute(contract.explainMessage, async ({ params, query, caller }) => {
      const messageId = pathId('msg', params.id);
      const found = await explain(
        {
          messageId,
          partnerId: query.partnerId,
          subscriptionId: query.subscriptionId,
          after: decodePosition(query.cursor),
          limit: query.limit + 1,
        },
        partnerCaller(caller),
      );
      const page = pageOf(found, query.limit, { cursor: encodePosition, view: explanationView });
      return { body: { messageId, ...page } };
    }),
  ];
}
