import { type Grant, grantState } from '@anika/core/access';
import { iso, isoOrNull } from '../http/times.ts';

/** A grant as both of its companies see it. */
export function grantView(grant: Grant, nowMs: number) {
  const { id, topicId, partnerId, version, purpose, fields, types, filter, history } = grant;
  return {
    id,
    topicId,
    partnerId,
    state: grantState(grant, nowMs),
    version,
    purpose: purpose ?? null,
    fields: fields ?? null,
    types,
    filter: filter ?? null,
    history,
    createdAt: iso(grant.createdAtMs),
    updatedAt: iso(grant.updatedAtMs),
    expiresAt: isoOrNull(grant.expiresAtMs),
    revokedAt: isoOrNull(grant.revokedAtMs),
  };
}
