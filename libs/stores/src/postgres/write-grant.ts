import { type Grant, grantState } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import type { GrantId, PartnerId, TopicId } from '@anika/core/ids';
import { auditedBy, type Change } from './actor.ts';
import type { AuditInput } from './audit.ts';
import { unmarkCancelled } from './cancellations.ts';
import type { Tx } from './client.ts';
import type { Grant as GrantRow, Prisma } from './generated/client.ts';
import { filterAuditView, readFieldsColumn, readFilterColumn, toJsonColumn } from './json-column.ts';
import { optionalDate } from './page.ts';

/** What an owner says about a grant; what is left out has its default. */
export type GrantPatch = Partial<
  Pick<Grant, 'purpose' | 'fields' | 'types' | 'filter' | 'history' | 'expiresAtMs'>
>;

export function toGrant(row: GrantRow): Grant {
  return {
    id: row.id as GrantId,
    topicId: row.topicId as TopicId,
    partnerId: row.partnerId as PartnerId,
    version: row.version,
    purpose: row.purpose ?? undefined,
    fields: readFieldsColumn(row.fields),
    types: row.types,
    filter: readFilterColumn(row.filter),
    history: row.history,
    validFromMs: row.validFrom.getTime(),
    expiresAtMs: row.expiresAt?.getTime(),
    revokedAtMs: row.revokedAt?.getTime(),
    revokedBy: readRevokedBy(row.revokedBy),
    createdAtMs: row.createdAt.getTime(),
    updatedAtMs: row.updatedAt.getTime(),
  };
}

/** The table has a CHECK of its own. */
function readRevokedBy(text: string | null): Grant['revokedBy'] {
  return text === 'owner' || text === 'reader' ? text : undefined;
}

/** What both companies read in the audit log. */
export function grantAuditView(grant: Grant): Prisma.InputJsonObject {
  const view = {
    version: grant.version,
    purpose: grant.purpose ?? null,
    fields: grant.fields ?? null,
    types: [...grant.types],
    filter: filterAuditView(grant.filter),
    history: grant.history,
    expiresAt: optionalDate(grant.expiresAtMs)?.toISOString() ?? null,
  };
  return view as unknown as Prisma.InputJsonObject;
}

/** Whether the topic exists and is the owner's; an owner never changes, so no lock is needed. */
export async function ownsTopic(tx: Tx, topicId: TopicId, ownerId: PartnerId): Promise<boolean> {
  const where = { id: topicId, partnerId: ownerId, deletedAt: null, system: false };
  return (await tx.topic.count({ where })) === 1;
}

export type GrantToWrite = {
  readonly id: GrantId;
  readonly topicId: TopicId;
  readonly partnerId: PartnerId;
  readonly ownerId: PartnerId;
  readonly patch: GrantPatch;
};

/**
 * Gives or replaces a grant. The caller holds the topic's lock (`bumpRouting`) and appends `audit` last, if there is
 * any: an active grant that is given once more on the same terms stays as it is, in its version too.
 * Undefined: there is no such active partner.
 */
export async function writeGrant(
  tx: Tx,
  write: GrantToWrite,
  change: Change,
): Promise<{ grant: Grant; audit: AuditInput | undefined } | undefined> {
  const { topicId, partnerId, ownerId } = write;
  if (partnerId === ownerId) {
    throw new Failure('conflict', 'The owner of a topic reads it without a grant');
  }
  if ((await tx.partner.count({ where: { id: partnerId, status: 'active' } })) === 0) return undefined;
  const key = { topicId_partnerId: { topicId, partnerId } };
  const row = await tx.grant.findUnique({ where: key });
  const before = row === null ? undefined : toGrant(row);
  if (before !== undefined && isGivenAlready(before, write.patch, change.atMs)) {
    return { grant: before, audit: undefined };
  }
  const saved =
    before === undefined
      ? await tx.grant.create({ data: { ...newRow(write, change), id: write.id, topicId, partnerId } })
      : await tx.grant.update({ where: key, data: replacedRow(before, write, change) });
  await unmarkCancelled(tx, { topicId, partnerId });
  const grant = toGrant(saved);
  return {
    grant,
    audit: {
      ...auditedBy(change),
      action: before === undefined ? 'grant.given' : 'grant.changed',
      topicId,
      subjectId: grant.id,
      partnerIds: [ownerId, partnerId],
      before: before === undefined ? undefined : grantAuditView(before),
      after: grantAuditView(grant),
    },
  };
}

/** As one text; `fields` has one member, and a filter the text it was given with. */
function termsText({ purpose, fields, types = [], filter, history = true, expiresAtMs }: GrantPatch): string {
  return JSON.stringify([purpose, fields, types, filter?.text, history, expiresAtMs]);
}

function isGivenAlready(before: Grant, patch: GrantPatch, nowMs: number): boolean {
  return grantState(before, nowMs) === 'active' && termsText(before) === termsText(patch);
}

function saidColumns({ patch }: GrantToWrite) {
  return {
    purpose: patch.purpose ?? null,
    fields: toJsonColumn(patch.fields),
    types: [...(patch.types ?? [])],
    filter: patch.filter?.text ?? null,
    history: patch.history ?? true,
    expiresAt: optionalDate(patch.expiresAtMs),
    expiredAt: null,
    noticedDays: null,
  };
}

function newRow(write: GrantToWrite, { atMs }: Change) {
  const at = new Date(atMs);
  return { ...saidColumns(write), createdAt: at, updatedAt: at, validFrom: at };
}

function replacedRow(before: Grant, write: GrantToWrite, { atMs }: Change) {
  const wasActive = grantState(before, atMs) === 'active';
  return {
    ...saidColumns(write),
    version: before.version + 1,
    updatedAt: new Date(atMs),
    validFrom: new Date(wasActive ? before.validFromMs : atMs),
    revokedAt: null,
    revokedBy: null,
  };
}
