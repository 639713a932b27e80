import * as contract from '@anika/contracts/receipts';
import { partnerCaller } from '../http/check-access.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { Receipts } from './read-receipts.ts';

export function receiptRoutes(receipts: Receipts): BoundRoute[] {
  return [
    bindRoute(contract.receipts, async ({ query, caller }) => ({
      body: await receipts.ofRange(
        {
          topicId: query.topicId,
          partnerId: query.partnerId,
          fromMs: Date.parse(query.from),
          toMs: Date.parse(query.to),
        },
        partnerCaller(caller),
      ),
    })),
    bindRoute(contract.deliveryReceipt, async ({ params, caller }) => ({
      body: await receipts.ofDelivery(pathId('dlv', params.id), partnerCaller(caller)),
    })),
  ];
}
