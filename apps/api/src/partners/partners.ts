import type { Caller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import type { LimitsPatch } from '@anika/core/company-limits';
import { Failure, invalid, notFound } from '@anika/core/failures';
import type { IdMaker, PartnerId, UserId } from '@anika/core/ids';
import type { Partner } from '@anika/core/partner';
import type { User } from '@anika/core/user';
import type { PartnerStore } from '@anika/stores/postgres/partners';
import { checkNewPassword, type Passwords } from '../auth/passwords.ts';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';

export type PartnerNeeds = {
  readonly store: Pick<PartnerStore, 'create' | 'list' | 'update' | 'directory'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly hasSecondFactor: (id: UserId) => Promise<boolean>;
  readonly announce: (change: Change) => void;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

type PartnerPatch = {
  readonly name?: string | undefined;
  readonly status?: Partner['status'] | undefined;
  readonly limits?: LimitsPatch | undefined;
  readonly secondFactorRequired?: boolean | undefined;
};

export type Partners = ReturnType<typeof createPartners>;

/** What operators do with partners, what an admin does with the own one, and the directory all users see. */
export function createPartners(needs: PartnerNeeds) {
  const { store, newId, clock } = needs;

  /** What a company is called and may have is the operators' affair; how its people sign in, its own. */
  async function checkMayPatch(id: PartnerId, patch: PartnerPatch, by: Caller): Promise<void> {
    const { secondFactorRequired: demand, ...ofOperators } = patch;
    if (by.partnerId === undefined) {
      if (demand !== undefined) throw invalid('secondFactorRequired', 'is for admins of the company');
      return;
    }
    if (by.partnerId !== id) throw notFound('partner');
    const [foreign] = Object.keys(ofOperators);
    if (foreign !== undefined) throw new Failure('forbidden', `Only an operator may change "${foreign}"`);
    // Otherwise nobody of the company might be left who could take the demand back.
    if (demand && !(await needs.hasSecondFactor(by.userId))) {
      throw new Failure('conflict', 'Cannot demand a second factor: set up your own first');
    }
  }

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

    async update(id: PartnerId, patch: PartnerPatch, by: Caller): Promise<Partner> {
      await checkMayPatch(id, patch, by);
      const partner = existing(await store.update(id, patch, { by, atMs: clock.now() }), 'par');
      needs.announce({ kind: 'partner', id });
      return partner;
    },

    directory: (query: PageRequest & { q: string | undefined }) => store.directory(query),
  };
}
