import type { Caller } from '@anika/core/access';
import type { AuditLog } from '@anika/stores/postgres/audit-log';
import type { FailedLogins } from './failed-logins.ts';

type Needs = { readonly append: AuditLog['appendEvent']; readonly clock: { now(): number } };

/** What the audit log says of logins. */
export function createRecordLogins({ append, clock }: Needs) {
  return {
    login(by: Caller, outcome: 'succeeded' | 'token-reused'): Promise<void> {
      const { userId: subjectId, partnerId } = by;
      const event = { action: `login.${outcome}`, subjectId, partnerIds: concerned(partnerId) };
      return append({ by, atMs: clock.now() }, event);
    },

    /** By nobody who has signed in; shown to the account's own company, with where the last one came from. */
    failed:
      (what: 'login' | 'second-factor') =>
      (failed: FailedLogins): Promise<void> => {
        const { user, attempts, networks, lastAddress: remoteAddress } = failed;
        const { id: subjectId, partnerId } = user;
        const by = { partnerId, userId: undefined, remoteAddress };
        const after = { attempts, networks };
        const event = { action: `${what}.failed`, subjectId, partnerIds: concerned(partnerId), after };
        return append({ by, atMs: clock.now() }, event);
      },
  };
}

/** What operators do concerns no company. */
function concerned<P>(partnerId: P | undefined): readonly P[] {
  return partnerId === undefined ? [] : [partnerId];
}
