import { DEFAULT_SCOPES, type PartnerCaller, type Scope } from '@anika/core/access';
import type { ApiKey } from '@anika/core/api-key';
import type { Change } from '@anika/core/change';
import { notFound } from '@anika/core/failures';
import type { ApiKeyId, IdMaker } from '@anika/core/ids';
import type { ApiKeyStore } from '@anika/stores/postgres/api-keys';
import { credentialHash, newCredential } from '../auth/credentials.ts';
import type { PageRequest } from '../http/page.ts';

export type ApiKeyNeeds = {
  readonly store: Pick<ApiKeyStore, 'create' | 'list' | 'revoke'>;
  readonly announce: (change: Change) => void;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type ApiKeys = ReturnType<typeof createApiKeys>;

/** The keys of the caller's partner; the text of a key exists here only, for the length of one answer. */
export function createApiKeys(needs: ApiKeyNeeds) {
  const { store, clock } = needs;
  const changeBy = (by: PartnerCaller) => ({ by, atMs: clock.now(), partnerId: by.partnerId });
  return {
    async create(
      command: { name: string; scopes: readonly Scope[] | undefined; expiresAtMs: number | undefined },
      by: PartnerCaller,
    ): Promise<{ apiKey: ApiKey; key: string }> {
      const key = newCredential('key');
      const apiKey = await store.create(
        {
          id: needs.newId('key'),
          partnerId: by.partnerId,
          createdBy: by.userId,
          name: command.name,
          hash: credentialHash(key),
          hint: key.slice(-4),
          scopes: [...new Set(command.scopes ?? DEFAULT_SCOPES)],
          expiresAtMs: command.expiresAtMs,
        },
        changeBy(by),
      );
      return { apiKey, key };
    },

    list: (by: PartnerCaller, page: PageRequest): Promise<ApiKey[]> => store.list(by.partnerId, page),

    async revoke(id: ApiKeyId, by: PartnerCaller): Promise<void> {
      if (!(await store.revoke(id, changeBy(by)))) throw notFound('API key');
      needs.announce({ kind: 'key', id });
    },
  };
}
