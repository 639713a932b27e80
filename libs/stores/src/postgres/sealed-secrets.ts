import type { SubscriptionId } from '@anika/core/ids';
import { secretContext } from '@anika/core/secret-context';
import type { Db, Postgres } from './client.ts';

/** Returns the secret sealed anew, or undefined when it is sealed with the present key already. */
export type Reseal = (sealed: string, context: string) => string | undefined;

const PAGE = 500;

export type SealedSecretStore = ReturnType<typeof createSealedSecretStore>;

/** All that is stored sealed: webhook secrets and the private keys of access tokens. */
export function createSealedSecretStore({ db }: Postgres) {
  return {
    /**
     * Seals anew what an older key sealed; returns how many secrets. Secrets that change meanwhile are left to that
     * change, which seals with the present key. May be repeated, and run while everything serves.
     */
    async resealAll(reseal: Reseal): Promise<number> {
      return (await resealSubscriptions(db, reseal)) + (await resealSigningKeys(db, reseal));
    },
  };
}

async function resealSubscriptions(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  let after = '';
  for (;;) {
    const rows = await db.subscription.findMany({
      where: { id: { gt: after } },
      select: { id: true, secret: true, previousSecret: true },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    for (const { id, secret, previousSecret } of rows) {
      const context = secretContext.subscription(id as SubscriptionId);
      const sealed = reseal(secret, context);
      const previous = previousSecret === null ? undefined : reseal(previousSecret, context);
      if (sealed === undefined && previous === undefined) continue;
      const changed = await db.subscription.updateMany({
        where: { id, secret, previousSecret },
        data: {
          ...(sealed !== undefined && { secret: sealed }),
          ...(previous !== undefined && { previousSecret: previous }),
        },
      });
      count += changed.count * (Number(sealed !== undefined) + Number(previous !== undefined));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return count;
    after = last.id;
  }
}

async function resealSigningKeys(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  for (const { kid, privateKey } of await db.signingKey.findMany()) {
    const sealed = reseal(privateKey, secretContext.signingKey(kid));
    if (sealed === undefined) continue;
    count += (await db.signingKey.updateMany({ where: { kid, privateKey }, data: { privateKey: sealed } }))
      .count;
  }
  return count;
}
