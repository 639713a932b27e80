import { recallMessage } from '@anika/contracts/messages';
import { partnerCaller } from '../http/check-access.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { RecallMessage } from './recall-message.ts';

export function recallRoutes(recall: RecallMessage): BoundRoute[] {
  return [
    bindRoute(recallMessage, async ({ params, body, caller }) => {
      const receipt = await recall(pathId('msg', params.id), body.reason, partnerCaller(caller));
      return { body: { ...receipt, state: 'recalled' } };
    }),
  ];
}
