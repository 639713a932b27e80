import type { Caller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import type { LimitsPatch } from '@anika/core/company-limits';
import type { IdMaker, PartnerId } from '@anika/core/ids';
import type { Partner } from '@anika/core/partner';
import type { User } from '@anika/core/user';
import type { PartnerStore } from '@anika/stores/postgres/partners';
import { checkNewPassword, type Passwords } from '../auth/passwords.ts';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';

export type PartnerNeeds = {
  readonly store: Pick<PartnerStore, 'create' | 'list' | 'update' | 'directory'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly announce: (change: Change) => void;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type Partners = ReturnType<typeof createPartners>;

/** What operators do with partners, and the directory all users see. */
export function createPartners(needs: PartnerNeeds) {
  const { store, newId, clock } = needs;
  return {
    /** Rejects with `conflict` when the admin's email is taken. */
    async create(
      command: { name: string; admin: { email: string; password: string } },
      by: Caller,
    ): Promise<{ partner: Partner; admin: User }> {
      const { email, password } = command.admin;
      checkNewPassword(password, { email, path: 'admin.password' });
      const admin = { id: newId('usr'), email, passwordHash: await needs.passwords.hash(password) };
      return store.create({ id: newId('par'), name: command.name, admin }, { by, atMs: clock.now() });
    },

    list: (page: PageRequest): Promise<Partner[]> => store.list(page),

    async update(
      id: PartnerId,
      patch: {
        name?: string | undefined;
        status?: Partner['status'] | undefined;
        limits?: LimitsPatch | undefined;
      },
      by: Caller,
    ): Promise<Partner> {
      const partner = existing(await store.update(id, patch, { by, atMs: clock.now() }), 'par');
      needs.announce({ kind: 'partner', id });
      return partner;
    },

    directory: (query: PageRequest & { q: string | undefined }) => store.directory(query),
  };
}
