import * as contract from '@anika/contracts/partners';
import { LIMIT_KINDS } from '@anika/core/company-limits';
import type { Partner } from '@anika/core/partner';
import { signedIn } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso } from '../http/times.ts';
import { userView } from '../users/user-view.ts';
import type { Partners } from './partners.ts';

function partnerView(partner: Partner) {
  const { id, name, status, secondFactorRequired, createdAtMs, updatedAtMs } = partner;
  const limits = Object.fromEntries(LIMIT_KINDS.map((kind) => [kind, partner.limits[kind] ?? null]));
  const times = { createdAt: iso(createdAtMs), updatedAt: iso(updatedAtMs) };
  return { id, name, status, limits, secondFactorRequired, ...times };
}

export function partnerRoutes(partners: Partners): BoundRoute[] {
  return [
    bindRoute(contract.createPartner, async ({ body, caller }) => {
      const { partner, admin } = await partners.create(body, signedIn(caller));
      return { body: { ...partnerView(partner), admin: userView(admin) } };
    }),
    bindRoute(contract.listPartners, async ({ query }) => {
      const found = await partners.list(pageRequest(query));
      return { body: pageOf(found, query.limit, { cursor: (partner) => partner.id, view: partnerView }) };
    }),
    bindRoute(contract.updatePartner, async ({ params, body, caller }) => {
      const partner = await partners.update(pathId('par', params.id), body, signedIn(caller));
      return { body: partnerView(partner) };
    }),
    bindRoute(contract.partnerDirectory, async ({ query }) => {
      const found = await partners.directory({ ...pageRequest(query), q: query.q });
      const view = ({ id, name }: { id: string; name: string }) => ({ id, name });
      return { body: pageOf(found, query.limit, { cursor: (partner) => partner.id, view }) };
    }),
  ];
}
