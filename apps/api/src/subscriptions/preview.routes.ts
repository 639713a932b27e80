import * as contract from '@anika/contracts/subscriptions';
import { memberText } from '@anika/core/json-text';
import { NOTICES } from '@anika/core/notice/notice';
import { filterOf } from '../grants/grant-terms.ts';
import { partnerCaller } from '../http/check-access.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { VisibleMessage } from '../messages/readable-messages.ts';
import type { PreviewSubscription, Wished } from './preview-subscription.ts';

/** `data` is spliced in as it was published. */
function sampleText({ id, type, key, dataText }: VisibleMessage): string {
  return `${JSON.stringify({ messageId: id, type, key: key ?? null }).slice(0, -1)},"data":${dataText}}`;
}

export function previewSubscriptionRoutes(preview: PreviewSubscription): BoundRoute[] {
  return [
    bindRoute(contract.previewSubscription, async ({ body, bodyText, caller }) => {
      const wished: Wished = {
        topicId: body.topicId === NOTICES ? NOTICES : pathId('top', body.topicId),
        eventTypes: body.eventTypes ?? [],
        filter: filterOf(memberText(bodyText, 'filter'), 'filter'),
      };
      const { considered, matching, samples, warnings } = await preview(wished, partnerCaller(caller));
      const rest = JSON.stringify({ considered, matching, warnings });
      return { bodyText: `${rest.slice(0, -1)},"samples":[${samples.map(sampleText).join(',')}]}` };
    }),
  ];
}
