import type { ErasureId, SubscriptionId, UserId } from '@anika/core/ids';
import { secretContext } from '@anika/core/secret-context';
import type { Db, Postgres } from './client.ts';
import type { Subscription as SubscriptionRow } from './generated/client.ts';
import { toJsonColumn } from './json-column.ts';
import { headersColumn, readHeadersColumn, readSecretColumns, secretColumns } from './sealed-columns.ts';

export type Reseal = {
  /** The secret sealed anew, or undefined when it is sealed with the present key already. */
  readonly again: (sealed: string, context: string) => string | undefined;
  readonly seal: (plain: string, context: string) => string;
};

const PAGE = 500;

export type SealedSecretStore = ReturnType<typeof createSealedSecretStore>;

/** All that is stored sealed: secrets of webhooks and the installation, values of custom headers, keys. */
export function createSealedSecretStore({ db }: Postgres) {
  return {
    /**
     * Seals anew what an older key sealed; returns how many secrets. Secrets that change meanwhile are left to that
     * change, which seals with the present key. May be repeated, and run while everything serves.
     */
    async resealAll(reseal: Reseal): Promise<number> {
      const counts = [
        await resealSubscriptions(db, reseal),
        await resealSigningKeys(db, reseal),
        await resealWebhookKeys(db, reseal),
        await resealReceiptKeys(db, reseal),
        await resealInstallation(db, reseal),
        await resealErasures(db, reseal),
        await resealSecondFactors(db, reseal),
      ];
      return counts.reduce((all, one) => all + one, 0);
    },
  };
}

async function resealSubscriptions(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  let after = '';
  for (;;) {
    const rows = await db.subscription.findMany({
      where: { id: { gt: after } },
      select: SEALED_COLUMNS,
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    for (const row of rows) count += await resealSubscription(db, row, reseal);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return count;
    after = last.id;
  }
}

const SEALED_COLUMNS = {
  id: true,
  secret: true,
  previousSecrets: true,
  previousSecret: true,
  previousSecretUntil: true,
  headers: true,
  updatedAt: true,
} as const;

type SealedRow = Pick<SubscriptionRow, keyof typeof SEALED_COLUMNS>;

/** Its secrets, and the values of its headers; those from before values were sealed are sealed now. */
async function resealSubscription(db: Db, row: SealedRow, { again, seal }: Reseal): Promise<number> {
  let count = 0;
  const counted = (sealed: string | undefined): string | undefined => {
    if (sealed !== undefined) count += 1;
    return sealed;
  };
  const id = row.id as SubscriptionId;
  const context = secretContext.subscription(id);
  const { present, earlier } = readSecretColumns(row);
  const secrets = {
    present: counted(again(present, context)) ?? present,
    earlier: earlier.map(({ sealed, untilMs }) => ({
      sealed: counted(again(sealed, context)) ?? sealed,
      untilMs,
    })),
  };
  const headers = Object.entries(readHeadersColumn(row.headers) ?? {}).map(([name, value]) => {
    const of = secretContext.subscriptionHeader(id, name);
    const sealed = counted('plain' in value ? seal(value.plain, of) : again(value.sealed, of));
    return [name, sealed === undefined ? value : { sealed }] as const;
  });
  if (count === 0) return 0;
  // Each rotation makes a secret of its own: where it is as it was, the earlier ones are.
  const asRead = { id, secret: present, headers: { equals: toJsonColumn(row.headers ?? undefined) } };
  const changed = await db.subscription.updateMany({
    where: asRead,
    data: {
      ...secretColumns(secrets),
      ...(headers.length > 0 && { headers: headersColumn(Object.fromEntries(headers)) }),
      updatedAt: row.updatedAt,
    },
  });
  return changed.count === 0 ? 0 : count;
}

async function resealSigningKeys(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  for (const { kid, privateKey } of await db.signingKey.findMany()) {
    const sealed = reseal.again(privateKey, secretContext.signingKey(kid));
    if (sealed === undefined) continue;
    count += (await db.signingKey.updateMany({ where: { kid, privateKey }, data: { privateKey: sealed } }))
      .count;
  }
  return count;
}

async function resealWebhookKeys(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  for (const { kid, privateKey } of await db.webhookKey.findMany()) {
    const sealed = reseal.again(privateKey, secretContext.webhookKey(kid));
    if (sealed === undefined) continue;
    count += (await db.webhookKey.updateMany({ where: { kid, privateKey }, data: { privateKey: sealed } }))
      .count;
  }
  return count;
}

async function resealReceiptKeys(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  for (const { kid, privateKey } of await db.receiptKey.findMany({ where: { retiredAt: null } })) {
    if (privateKey === null) continue;
    const sealed = reseal.again(privateKey, secretContext.receiptKey(kid));
    if (sealed === undefined) continue;
    // One that is retired meanwhile stays without.
    count += (await db.receiptKey.updateMany({ where: { kid, privateKey }, data: { privateKey: sealed } }))
      .count;
  }
  return count;
}

async function resealInstallation(db: Db, reseal: Reseal): Promise<number> {
  const secret = (await db.installation.findFirst())?.secret ?? null;
  const sealed = secret === null ? undefined : reseal.again(secret, secretContext.installation());
  if (sealed === undefined) return 0;
  return (await db.installation.updateMany({ where: { secret }, data: { secret: sealed } })).count;
}

async function resealSecondFactors(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  for (const { userId, secret } of await db.secondFactor.findMany()) {
    const sealed = reseal.again(secret, secretContext.secondFactor(userId as UserId));
    if (sealed === undefined) continue;
    count += (await db.secondFactor.updateMany({ where: { userId, secret }, data: { secret: sealed } }))
      .count;
  }
  return count;
}

/** What running erasures look for. */
async function resealErasures(db: Db, reseal: Reseal): Promise<number> {
  let count = 0;
  const running = { criterion: { not: null } };
  for (const { id, criterion } of await db.erasure.findMany({ where: running })) {
    const sealed = reseal.again(criterion ?? '', secretContext.erasure(id as ErasureId));
    if (sealed === undefined) continue;
    count += (await db.erasure.updateMany({ where: { id, criterion }, data: { criterion: sealed } })).count;
  }
  return count;
}
