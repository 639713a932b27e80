import * as contract from '@anika/contracts/partners';
import type { ApiKey } from '@anika/core/api-key';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, isoOrNull, msOf } from '../http/times.ts';
import type { ApiKeys } from './api-keys.ts';

function apiKeyView(key: ApiKey) {
  const { id, name, hint, scopes, createdAtMs, expiresAtMs, lastUsedAtMs } = key;
  return {
    id,
    name,
    hint,
    scopes,
    createdAt: iso(createdAtMs),
    expiresAt: isoOrNull(expiresAtMs),
    lastUsedAt: isoOrNull(lastUsedAtMs),
  };
}

export function apiKeyRoutes(apiKeys: ApiKeys): BoundRoute[] {
  return [
    bindRoute(contract.createApiKey, async ({ body, caller }) => {
      const { name, scopes, expiresAt } = body;
      const command = { name, scopes, expiresAtMs: msOf(expiresAt) };
      const { apiKey, key } = await apiKeys.create(command, partnerCaller(caller));
      return { body: { ...apiKeyView(apiKey), key }, headers: { 'Cache-Control': 'no-store' } };
    }),
    bindRoute(contract.listApiKeys, async ({ query, caller }) => {
      const found = await apiKeys.list(partnerCaller(caller), pageRequest(query));
      return { body: pageOf(found, query.limit, { cursor: (key) => key.id, view: apiKeyView }) };
    }),
    bindRoute(contract.deleteApiKey, async ({ params, caller }) => {
      await apiKeys.revoke(pathId('key', params.id), partnerCaller(caller));
      return {};
    }),
  ];
}
