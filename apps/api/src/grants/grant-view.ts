import { type Grant, grantState } from '@anika/core/access';
import { JsonText } from '@anika/core/exact-json';
import type { Filter } from '@anika/core/filter';
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
    filter: filterView(filter),
    history,
    createdAt: iso(grant.createdAtMs),
    updatedAt: iso(grant.updatedAtMs),
    expiresAt: isoOrNull(grant.expiresAtMs),
    revokedAt: isoOrNull(grant.revokedAtMs),
    revokedBy: grant.revokedBy ?? null,
  };
}

/** As it was given, digit for digit. */
export function filterView(filter: Filter | undefined): JsonText | null {
  return filter === undefined ? null : new JsonText(filter.text);
}
