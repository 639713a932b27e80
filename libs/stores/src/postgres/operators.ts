import type { UserId } from '@anika/core/ids';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';

type Operator = { readonly id: UserId; readonly email: string; readonly passwordHash: string };

export type OperatorStore = ReturnType<typeof createOperatorStore>;

/** The broker's own users; made and removed by whoever runs its programs, not over the API. */
export function createOperatorStore(postgres: Postgres) {
  return {
    /**
     * Any number of processes may ask at once; one that exists stays as it is.
     * `taken`: the email belongs to somebody who is no operator, and nothing was changed.
     */
    ensure(operator: Operator, atMs: number): Promise<'created' | 'exists' | 'taken'> {
      return postgres.transaction((tx) => insert(tx, operator, new Date(atMs)));
    },

    /** The same, and one that exists gets this password and loses its sessions and second factor. */
    set(operator: Operator, atMs: number): Promise<'created' | 'changed' | 'taken'> {
      const at = new Date(atMs);
      return postgres.transaction(async (tx) => {
        const outcome = await insert(tx, operator, at);
        if (outcome !== 'exists') return outcome;
        const { email, passwordHash } = operator;
        const credentialsVersion = { increment: 1 };
        const { id } = await tx.user.update({
          where: { email },
          data: { passwordHash, credentialsVersion, updatedAt: at },
        });
        await tx.secondFactor.deleteMany({ where: { userId: id } });
        await appendAudit(tx, {
          ...byTheBroker(at),
          action: 'user.updated',
          subjectId: id,
          before: { role: 'operator' },
          after: { role: 'operator', passwordChanged: true },
        });
        return 'changed';
      });
    },

    /** `last`: nobody would be left to manage the broker, and nothing was changed. */
    remove(email: string, atMs: number): Promise<'removed' | 'unknown' | 'last'> {
      return postgres.transaction(async (tx) => {
        // Locked together, so that two at once cannot remove the last two.
        const operators = await tx.$queryRaw<{ id: string; email: string }[]>`
          SELECT id, email FROM users WHERE role = 'operator' ORDER BY id FOR UPDATE`;
        const found = operators.find((operator) => operator.email === email);
        if (found === undefined) return 'unknown';
        if (operators.length === 1) return 'last';
        await tx.user.delete({ where: { id: found.id } });
        await appendAudit(tx, {
          ...byTheBroker(new Date(atMs)),
          action: 'user.removed',
          subjectId: found.id,
          before: { role: 'operator' },
        });
        return 'removed';
      });
    },
  };
}

async function insert(tx: Tx, operator: Operator, at: Date): Promise<'created' | 'exists' | 'taken'> {
  const { count } = await tx.user.createMany({
    data: [{ ...operator, role: 'operator', createdAt: at, updatedAt: at }],
    skipDuplicates: true,
  });
  if (count === 0) {
    const { role } = await tx.user.findUniqueOrThrow({ where: { email: operator.email } });
    return role === 'operator' ? 'exists' : 'taken';
  }
  await appendAudit(tx, {
    ...byTheBroker(at),
    action: 'user.created',
    subjectId: operator.id,
    after: { role: 'operator' },
  });
  return 'created';
}

/** By nobody who has signed in; what concerns operators concerns no partner. */
function byTheBroker(at: Date) {
  return { at, actorId: undefined, actorPartnerId: undefined, remoteAddress: undefined, partnerIds: [] };
}
