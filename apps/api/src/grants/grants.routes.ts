import * as contract from '@anika/contracts/grants';
import type { Grant } from '@anika/core/access';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { rangeOf } from '../http/times.ts';
import type { VisibleMessage } from '../messages/readable-messages.ts';
import { parseGrantTerms } from './grant-terms.ts';
import { grantView } from './grant-view.ts';
import type { Grants } from './grants.ts';
import type { PreviewGrant, Sample } from './preview-grant.ts';
import type { WarnOfPaths } from './warn-of-paths.ts';

type Needs = {
  readonly grants: Grants;
  readonly preview: PreviewGrant;
  readonly warnOfPaths: WarnOfPaths;
  readonly clock: { now(): number };
};

/** `data` is spliced in as it was published. */
function seenText({ type, key, dataText }: VisibleMessage): string {
  return `${JSON.stringify({ type, key: key ?? null }).slice(0, -1)},"data":${dataText}}`;
}

function sampleText({ before, after }: Sample): string {
  const id = JSON.stringify(before.id);
  return `{"messageId":${id},"before":${seenText(before)},"after":${seenText(after)}}`;
}

export function grantRoutes({ grants, preview, warnOfPaths, clock }: Needs): BoundRoute[] {
  const page = (found: readonly Grant[], limit: number) =>
    pageOf(found, limit, {
      cursor: (grant) => grant.id,
      view: (grant) => grantView(grant, clock.now()),
    });
  const place = (params: { id: string; partnerId: string }) => ({
    topicId: pathId('top', params.id),
    readerId: pathId('par', params.partnerId),
  });
  return [
    bindRoute(contract.putGrant, async ({ params, body, bodyText, caller }) => {
      const by = partnerCaller(caller);
      const grant = await grants.put(place(params), parseGrantTerms(bodyText, body), by);
      return { body: { ...grantView(grant, clock.now()), warnings: await warnOfPaths(grant) } };
    }),
    bindRoute(contract.previewGrant, async ({ params, body, bodyText, caller }) => {
      const seen = await preview(place(params), parseGrantTerms(bodyText, body), partnerCaller(caller));
      const { considered, matching, samples, warnings } = seen;
      const rest = JSON.stringify({ considered, matching, warnings });
      return { bodyText: `${rest.slice(0, -1)},"samples":[${samples.map(sampleText).join(',')}]}` };
    }),
    bindRoute(contract.deleteGrant, async ({ params, caller }) => {
      const { topicId, readerId } = place(params);
      await grants.revoke(topicId, readerId, partnerCaller(caller));
      return {};
    }),
    bindRoute(contract.declineGrant, async ({ params, caller }) => {
      await grants.decline(pathId('grt', params.id), partnerCaller(caller));
      return {};
    }),
    bindRoute(contract.resendCancelled, async ({ params, body, caller }) => ({
      body: { resent: await grants.resend(place(params), rangeOf(body), partnerCaller(caller)) },
    })),
    bindRoute(contract.listTopicGrants, async ({ params, query, caller }) => {
      const topicId = pathId('top', params.id);
      const found = await grants.listOfTopic(topicId, partnerCaller(caller), pageRequest(query));
      return { body: page(found, query.limit) };
    }),
    bindRoute(contract.listMyGrants, async ({ query, caller }) => {
      const found = await grants.listMine(partnerCaller(caller), pageRequest(query));
      return { body: page(found, query.limit) };
    }),
  ];
}
