import { type Grant, grantState } from '@anika/core/access';
import {
  ACCESS_REQUEST_STATES,
  type AccessRequest,
  type AccessRequestState,
} from '@anika/core/access-request';
import { Failure } from '@anika/core/failures';
import type { AccessRequestId, GrantId, PartnerId, TopicId } from '@anika/core/ids';
import { auditedBy, type Change } from './actor.ts';
import { type AuditInput, appendAudit } from './audit.ts';
import { isUniqueViolation, type Postgres, type Tx } from './client.ts';
import { keepGrantLimit } from './company-limits.ts';
import type { AccessRequest as AccessRequestRow } from './generated/client.ts';
import { idsBefore, optionalDate, type Page } from './page.ts';
import { bumpRouting } from './routing-version.ts';
import { wordColumn } from './word-column.ts';
import { type GrantPatch, toGrant, writeGrant } from './write-grant.ts';

type NewAccessRequest = Pick<AccessRequest, 'id' | 'topicId' | 'partnerId' | 'purpose' | 'untilMs'>;
type OwnerChange = Change & { readonly ownerId: PartnerId };
type AskerChange = Change & { readonly partnerId: PartnerId };
type ListOptions = Page & {
  readonly partnerId: PartnerId;
  /** `in`: to decide; `out`: asked for. */
  readonly direction: 'in' | 'out';
  readonly state?: AccessRequestState | undefined;
};

const readState = wordColumn('access_requests.state', ACCESS_REQUEST_STATES);

export function toAccessRequest(row: AccessRequestRow): AccessRequest {
  return {
    id: row.id as AccessRequestId,
    topicId: row.topicId as TopicId,
    partnerId: row.partnerId as PartnerId,
    ownerId: row.ownerId as PartnerId,
    purpose: row.purpose,
    untilMs: row.until?.getTime(),
    state: readState(row.state),
    reason: row.reason ?? undefined,
    createdAtMs: row.createdAt.getTime(),
    decidedAtMs: row.decidedAt?.getTime(),
  };
}

export type AccessRequestStore = ReturnType<typeof createAccessRequestStore>;

export function createAccessRequestStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /**
     * Undefined: there is no such listed topic of an active partner. Rejects with `conflict` when the asker
     * owns it, may read it already or has asked already.
     */
    async create(request: NewAccessRequest, change: Change): Promise<AccessRequest | undefined> {
      try {
        return await postgres.transaction((tx) => insertRequest(tx, request, change));
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new Failure('conflict', 'You have asked for access to this topic already', { cause: error });
      }
    },

    async list({ partnerId, direction, state, after, limit }: ListOptions): Promise<AccessRequest[]> {
      const rows = await db.accessRequest.findMany({
        where: {
          ...(direction === 'in' ? { ownerId: partnerId } : { partnerId }),
          ...(state !== undefined && { state }),
          ...idsBefore(after),
        },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toAccessRequest);
    },

    async find(id: AccessRequestId): Promise<AccessRequest | undefined> {
      const row = await db.accessRequest.findUnique({ where: { id } });
      return row === null ? undefined : toAccessRequest(row);
    },

    /**
     * Gives the grant with it, for the purpose and as long as was asked for where the owner says nothing else.
     * Undefined: the owner has no such request, or its topic or the asker is gone. Rejects with `conflict` when it is decided already.
     */
    approve(
      id: AccessRequestId,
      grant: GrantPatch & { id: GrantId },
      change: OwnerChange,
    ): Promise<{ request: AccessRequest; grant: Grant } | undefined> {
      return postgres.transaction(async (tx) => {
        const asked = await tx.accessRequest.findFirst({ where: { id, ownerId: change.ownerId } });
        if (asked === null) return undefined;
        const { topicId, partnerId, purpose, untilMs } = toAccessRequest(asked);
        const { ownerId, atMs } = change;
        await keepGrantLimit(tx, postgres.companyLimits, { ownerId, topicId, partnerId, atMs });
        if (!(await bumpRouting(tx, topicId))) return undefined;
        const { id: grantId, ...said } = grant;
        const patch = {
          ...said,
          purpose: said.purpose ?? purpose,
          expiresAtMs: said.expiresAtMs ?? untilMs,
        };
        const write = { id: grantId, topicId, partnerId, ownerId: change.ownerId, patch };
        const written = await writeGrant(tx, write, change);
        if (written === undefined) return undefined;
        const request = await decide(tx, id, { state: 'approved', atMs: change.atMs });
        await appendAudit(tx, decisionAudit(request, change));
        if (written.audit !== undefined) await appendAudit(tx, written.audit);
        return { request, grant: written.grant };
      });
    },

    /** Undefined: the owner has no such request. Rejects with `conflict` when it is decided already. */
    refuse(id: AccessRequestId, reason: string, change: OwnerChange): Promise<AccessRequest | undefined> {
      return postgres.transaction(async (tx) => {
        if ((await tx.accessRequest.count({ where: { id, ownerId: change.ownerId } })) === 0)
          return undefined;
        const request = await decide(tx, id, { state: 'refused', reason, atMs: change.atMs });
        await appendAudit(tx, decisionAudit(request, change));
        return request;
      });
    },

    /** Undefined: the partner has asked no such thing. Rejects with `conflict` when it is decided already. */
    withdraw(id: AccessRequestId, change: AskerChange): Promise<AccessRequest | undefined> {
      return postgres.transaction(async (tx) => {
        const where = { id, partnerId: change.partnerId };
        if ((await tx.accessRequest.count({ where })) === 0) return undefined;
        const request = await decide(tx, id, { state: 'withdrawn', atMs: change.atMs });
        await appendAudit(tx, decisionAudit(request, change));
        return request;
      });
    },
  };
}

async function insertRequest(
  tx: Tx,
  request: NewAccessRequest,
  change: Change,
): Promise<AccessRequest | undefined> {
  const { id, topicId, partnerId, purpose, untilMs } = request;
  const topic = await tx.topic.findFirst({
    where: { id: topicId, deletedAt: null },
    select: {
      partnerId: true,
      visibility: true,
      partner: { select: { status: true } },
      grants: { where: { partnerId } },
    },
  });
  if (topic === null) return undefined;
  if (topic.partnerId === partnerId) throw new Failure('conflict', 'The topic is yours already');
  if (topic.grants.some((row) => grantState(toGrant(row), change.atMs) === 'active')) {
    throw new Failure('conflict', 'You may read this topic already');
  }
  if (topic.visibility !== 'listed' || topic.partner.status !== 'active') return undefined;
  const row = await tx.accessRequest.create({
    data: {
      id,
      topicId,
      partnerId,
      ownerId: topic.partnerId,
      purpose,
      until: optionalDate(untilMs),
      createdAt: new Date(change.atMs),
    },
  });
  const created = toAccessRequest(row);
  await appendAudit(tx, decisionAudit(created, change));
  return created;
}

type Decision = {
  readonly state: Exclude<AccessRequestState, 'requested'>;
  readonly reason?: string;
  readonly atMs: number;
};

/** Compares the state it started from: of two decisions at once, one is made. */
async function decide(
  tx: Tx,
  id: AccessRequestId,
  { state, reason, atMs }: Decision,
): Promise<AccessRequest> {
  const [row] = await tx.accessRequest.updateManyAndReturn({
    where: { id, state: 'requested' },
    data: { state, reason: reason ?? null, decidedAt: new Date(atMs) },
  });
  if (row !== undefined) return toAccessRequest(row);
  const decided = await tx.accessRequest.findUniqueOrThrow({ where: { id } });
  throw new Failure(
    'conflict',
    `Cannot make the request ${state}: it is ${decided.state}, it must be requested`,
  );
}

function decisionAudit(request: AccessRequest, change: Change): AuditInput {
  const { state, purpose, untilMs, reason } = request;
  return {
    ...auditedBy(change),
    action: `access.${state}`,
    topicId: request.topicId,
    subjectId: request.id,
    partnerIds: [request.ownerId, request.partnerId],
    after: { state, purpose, until: optionalDate(untilMs)?.toISOString() ?? null, reason: reason ?? null },
  };
}
