import type { PartnerId, ReplayId, SubscriptionId, TopicId } from '@anika/core/ids';
import {
  countsOf,
  REPLAY_KINDS,
  REPLAY_REASONS,
  type Replay,
  type ReplayCounts,
  type ReplayStatus,
} from '@anika/core/replay/replay';
import type { Prisma, Replay as ReplayRow } from './generated/client.ts';
import { readFilterColumn } from './json-column.ts';
import { wordColumn } from './word-column.ts';

const readKind = wordColumn('replays.only', REPLAY_KINDS);

export function toReplay(row: ReplayRow): Replay {
  const { positionAt, positionId } = row;
  return {
    id: row.id as ReplayId,
    subscriptionId: row.subscriptionId as SubscriptionId,
    partnerId: row.partnerId as PartnerId,
    topicId: row.topicId as TopicId,
    fromMs: row.from.getTime(),
    toMs: row.to.getTime(),
    types: row.types,
    filter: readFilterColumn(row.filter),
    only: readKind(row.only),
    perSecond: row.perSecond,
    ...readStatus(row),
    position:
      positionAt === null || positionId === null
        ? undefined
        : { acceptedAtMs: positionAt.getTime(), id: positionId },
    isRead: row.isRead,
    matched: row.matched,
    settled: row.settled === null ? undefined : readCounts(row.settled),
    createdAtMs: row.createdAt.getTime(),
    endedAtMs: row.endedAt?.getTime(),
  };
}

/** The table has CHECKs of its own: another text is there only while versions differ. */
function readStatus({ id, state, reason }: Pick<ReplayRow, 'id' | 'state' | 'reason'>): ReplayStatus {
  if (state === 'running' || state === 'done') return { state };
  if (state === 'paused') {
    const known = REPLAY_REASONS.paused.find((one) => one === reason);
    if (known !== undefined) return { state, reason: known };
  }
  if (state === 'stopped') {
    const known = REPLAY_REASONS.stopped.find((one) => one === reason);
    if (known !== undefined) return { state, reason: known };
  }
  throw new Error(`the stored replay ${id} is ${state} for the reason ${reason}`);
}

export function statusColumns({ state, reason }: ReplayStatus) {
  return { state, reason: reason ?? null };
}

function readCounts(value: Prisma.JsonValue): ReplayCounts {
  const stored: Prisma.JsonObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  return countsOf((state) => Number(stored[state] ?? 0));
}

/** For both companies: what was asked for, without what the reader filters by. */
export function replayAuditView(replay: Replay): Prisma.InputJsonObject {
  return {
    subscriptionId: replay.subscriptionId,
    from: new Date(replay.fromMs).toISOString(),
    to: new Date(replay.toMs).toISOString(),
    types: [...replay.types],
    only: replay.only,
    perSecond: replay.perSecond,
  };
}
