import * as contract from '@anika/contracts/grants';
import type { AccessRequest } from '@anika/core/access-request';
import { parseGrantTerms } from '../grants/grant-terms.ts';
import { grantView } from '../grants/grant-view.ts';
import type { WarnOfPaths } from '../grants/warn-of-paths.ts';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, isoOrNull, msOf } from '../http/times.ts';
import type { AccessRequests } from './access-requests.ts';

function requestView(request: AccessRequest) {
  const { id, topicId, partnerId, ownerId, purpose, untilMs, state, reason } = request;
  return {
    id,
    topicId,
    partnerId,
    ownerId,
    purpose,
    until: isoOrNull(untilMs),
    state,
    reason: reason ?? null,
    createdAt: iso(request.createdAtMs),
    decidedAt: isoOrNull(request.decidedAtMs),
  };
}

type Needs = {
  readonly requests: AccessRequests;
  readonly warnOfPaths: WarnOfPaths;
  readonly clock: { now(): number };
};

export function accessRequestRoutes({ requests, warnOfPaths, clock }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.requestAccess, async ({ params, body, caller }) => {
      const topicId = pathId('top', params.id);
      const command = { topicId, purpose: body.purpose, untilMs: msOf(body.until) };
      return { body: requestView(await requests.create(command, partnerCaller(caller))) };
    }),
    bindRoute(contract.listAccessRequests, async ({ query, caller }) => {
      const { direction, state, limit } = query;
      const list = { ...pageRequest(query), direction, state };
      const found = await requests.list(partnerCaller(caller), list);
      return { body: pageOf(found, limit, { cursor: (request) => request.id, view: requestView }) };
    }),
    bindRoute(contract.approveAccessRequest, async ({ params, body, bodyText, caller }) => {
      const id = pathId('req', params.id);
      const terms = parseGrantTerms(bodyText, body);
      const { request, grant } = await requests.approve(id, terms, partnerCaller(caller));
      const warnings = await warnOfPaths(grant);
      return { body: { ...requestView(request), grant: grantView(grant, clock.now()), warnings } };
    }),
    bindRoute(contract.refuseAccessRequest, async ({ params, body, caller }) => ({
      body: requestView(await requests.refuse(pathId('req', params.id), body.reason, partnerCaller(caller))),
    })),
    bindRoute(contract.withdrawAccessRequest, async ({ params, caller }) => ({
      body: requestView(await requests.withdraw(pathId('req', params.id), partnerCaller(caller))),
    })),
  ];
}
