import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import type { SigningSecrets } from '@anika/core/subscription/signing-secrets';
import { type StateTransition, type Transition, transition } from '@anika/core/subscription/transition';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import { markCancelled } from './cancellations.ts';
import type { Postgres, Tx } from './client.ts';
import { keepLimit } from './company-limits.ts';
import {
  insertSubscription,
  type NewSubscription,
  type SubscriptionCreation,
} from './insert-subscription.ts';
import { idsBefore, type Page } from './page.ts';
import { keepReplayLimit } from './replays.ts';
import { bumpRouting } from './routing-version.ts';
import { readSecretColumns, secretColumns } from './sealed-columns.ts';
import { type StartFromThen, startFromThen } from './start-from.ts';
import {
  type SubscriptionSettings,
  settingsAuditView,
  settingsColumns,
  sharedAuditView,
  stateColumns,
  toSubscription,
} from './subscription-row.ts';
import { ownerOf } from './topic-owner.ts';

export { toSubscription } from './subscription-row.ts';

type PartnerChange = Change & { readonly partnerId: PartnerId };
/** What came of a decision, and the subscription it was made about. */
export type Moved = {
  readonly before: Subscription;
  readonly after: Subscription;
  readonly transition: Transition;
};

export type SubscriptionStore = ReturnType<typeof createSubscriptionStore>;

export function createSubscriptionStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /**
     * In the state `pending`; one that pulls has nothing to prove and is `active`. Undefined: the topic is deleted.
     * Rejects with `limit-reached` where its partner has `max` on the topic, or as many as a company may have.
     */
    create(subscription: NewSubscription, change: SubscriptionCreation): Promise<Subscription | undefined> {
      return postgres.transaction(async (tx) => {
        const room = { kind: 'subscriptions', partnerId: subscription.partnerId, atMs: change.atMs } as const;
        await keepLimit(tx, postgres.companyLimits, room);
        if (subscription.startFromMs !== undefined) await keepReplayLimit(tx, subscription.partnerId);
        return insertSubscription(tx, subscription, change);
      });
    },

    async find(id: SubscriptionId, partnerId: PartnerId): Promise<Subscription | undefined> {
      return findOwn(db, id, partnerId);
    },

    async list(
      partnerId: PartnerId,
      { topicId, after, limit }: Page & { topicId?: TopicId | undefined },
    ): Promise<Subscription[]> {
      const rows = await db.subscription.findMany({
        where: { partnerId, deletedAt: null, ...(topicId !== undefined && { topicId }), ...idsBefore(after) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toSubscription);
    },

    /** Those of one reader on one topic. */
    async idsOf(topicId: TopicId, partnerId: PartnerId): Promise<SubscriptionId[]> {
      const rows = await db.subscription.findMany({
        where: { topicId, partnerId, deletedAt: null },
        select: { id: true },
      });
      return rows.map((row) => row.id as SubscriptionId);
    },

    /**
     * `patchOf` is given what is there, while nobody else can change it. A changed address must be verified again:
     * until then nothing is sent, unless it is paused anyway.
     */
    update(
      id: SubscriptionId,
      patchOf: (before: Subscription) => Partial<SubscriptionSettings>,
      change: PartnerChange,
    ): Promise<Subscription | undefined> {
      return postgres.transaction(async (tx) => {
        const before = await lockOwn(tx, id, change.partnerId);
        if (before === undefined) return undefined;
        const settings = { ...before, ...patchOf(before) };
        const moved = transition(before, { kind: 'move', url: settings.url });
        const row = await tx.subscription.update({
          where: { id },
          data: {
            ...settingsColumns(settings),
            ...(moved.kind === 'to' && stateColumns(moved)),
            updatedAt: new Date(change.atMs),
          },
        });
        const after = toSubscription(row);
        await appendAudit(tx, {
          ...audited(before, change),
          action: 'subscription.updated',
          before: { ...settingsAuditView(before), state: before.state },
          after: { ...settingsAuditView(after), state: after.state },
        });
        return after;
      });
    },

    /**
     * `decide` is given what is there, while nobody else can change it; `action` is for the audit log. Undefined: the
     * partner has no such subscription.
     */
    move(
      id: SubscriptionId,
      decide: (before: Subscription) => Transition,
      change: PartnerChange & { readonly action: string } & StartFromThen,
    ): Promise<Moved | undefined> {
      return postgres.transaction(async (tx) => {
        const before = await lockOwn(tx, id, change.partnerId);
        if (before === undefined) return undefined;
        const to = decide(before);
        if (to.kind !== 'to') return { before, after: before, transition: to };
        const after = await writeState(tx, before, { to, atMs: change.atMs });
        await appendAudit(tx, {
          ...audited(before, change),
          action: change.action,
          before: { state: before.state, reason: before.stateReason ?? null },
          after: { state: after.state, reason: after.stateReason ?? null },
        });
        if (after.state === 'active') await startFromThen(tx, after, change);
        return { before, after, transition: to };
      });
    },

    /** What it was, what waits for it marked to be cancelled; undefined: the partner has no such subscription. */
    remove(id: SubscriptionId, change: PartnerChange): Promise<Subscription | undefined> {
      return postgres.transaction(async (tx) => {
        const before = await lockOwn(tx, id, change.partnerId);
        if (before === undefined) return undefined;
        const at = new Date(change.atMs);
        await tx.subscription.update({ where: { id }, data: { deletedAt: at, updatedAt: at } });
        await markCancelled(tx, { topicId: before.topicId, id }, 'subscription-deleted');
        await appendAudit(tx, {
          ...audited(before, change),
          action: 'subscription.deleted',
          partnerIds: [before.partnerId, await ownerOf(tx, before.topicId)],
          before: { ...sharedAuditView(before), state: before.state },
        });
        return before;
      });
    },

    /**
     * Secrets as `decide` makes them of the present ones, while nobody else can change them: of rotations at once
     * each builds on the one before. Undefined: the partner has no such subscription.
     */
    changeSecrets(
      id: SubscriptionId,
      decide: (present: SigningSecrets) => SigningSecrets,
      change: PartnerChange,
    ): Promise<SigningSecrets | undefined> {
      return postgres.transaction(async (tx) => {
        const before = await lockOwn(tx, id, change.partnerId);
        if (before === undefined) return undefined;
        const row = await tx.subscription.findUniqueOrThrow({ where: { id }, select: SECRET_COLUMNS });
        const after = decide(readSecretColumns(row));
        await tx.subscription.update({
          where: { id },
          data: { ...secretColumns(after), updatedAt: new Date(change.atMs) },
        });
        const ends = after.earlier.map(({ untilMs }) => new Date(untilMs).toISOString());
        await appendAudit(tx, {
          ...audited(before, change),
          action: 'subscription.secret-rotated',
          after: { previousSecretUntil: ends[0] ?? null, previousSecretsUntil: ends },
        });
        return after;
      });
    },

    /** Undefined: the partner has no such subscription. */
    async secrets(id: SubscriptionId, partnerId: PartnerId): Promise<SigningSecrets | undefined> {
      const row = await db.subscription.findFirst({
        where: { id, partnerId, deletedAt: null },
        select: SECRET_COLUMNS,
      });
      return row === null ? undefined : readSecretColumns(row);
    },
  };
}

const SECRET_COLUMNS = {
  secret: true,
  previousSecrets: true,
  previousSecret: true,
  previousSecretUntil: true,
} as const;

async function findOwn(tx: Tx, id: SubscriptionId, partnerId: PartnerId): Promise<Subscription | undefined> {
  const row = await tx.subscription.findFirst({ where: { id, partnerId, deletedAt: null } });
  return row === null ? undefined : toSubscription(row);
}

async function writeState(
  tx: Tx,
  { id }: Subscription,
  { to, atMs }: { to: StateTransition; atMs: number },
): Promise<Subscription> {
  const at = new Date(atMs);
  const row = await tx.subscription.update({
    where: { id },
    data: {
      ...stateColumns(to),
      ...(to.verifiedUrl !== undefined && { verifiedAt: at, verifiedUrl: to.verifiedUrl }),
      ...(to.state === 'active' && { failingSince: null }),
      updatedAt: at,
    },
  });
  return toSubscription(row);
}

/** The subscription as it is while the topic's lock is held: nobody else changes it until the end. */
async function lockOwn(tx: Tx, id: SubscriptionId, partnerId: PartnerId): Promise<Subscription | undefined> {
  const found = await findOwn(tx, id, partnerId);
  if (found === undefined || !(await bumpRouting(tx, found.topicId))) return undefined;
  return findOwn(tx, id, partnerId);
}

function audited({ id, topicId, partnerId }: Subscription, change: Change) {
  return { ...auditedBy(change), topicId, subjectId: id, partnerIds: [partnerId] };
}
