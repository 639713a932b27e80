import type { Collection, Db } from 'mongodb';
import { guarded, type Mongo } from './client.ts';

/** A process of the installation, as it last said. */
export type ProcessReport = {
  readonly id: string;
  readonly program: 'api' | 'dispatcher';
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly seenAtMs: number;
  readonly eventLoopP99Ms: number;
  readonly eventLoopMaxMs: number;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  /** Of dispatchers: waiting times before each attempt, in milliseconds. */
  readonly retrySchedule?: readonly number[];
};

type ProcessDocument = Omit<ProcessReport, 'id' | 'startedAtMs' | 'seenAtMs'> & {
  _id: string;
  startedAt: Date;
  seenAt: Date;
};

const KEPT_SECONDS = 600;
/** Who has been silent so long is not there any more. */
const SILENT_MS = 35_000;
const MAX_PROCESSES = 1000;

function collectionOf(db: Db): Collection<ProcessDocument> {
  return db.collection('processes');
}

export async function createProcessIndexes(db: Db): Promise<void> {
  await collectionOf(db).createIndex({ seenAt: 1 }, { name: 'expires', expireAfterSeconds: KEPT_SECONDS });
}

/** Which processes there are: each says so itself, again and again. */
export function createProcessStore({ db }: Mongo) {
  const processes = collectionOf(db);
  return {
    async report({ id, startedAtMs, seenAtMs, ...rest }: ProcessReport): Promise<void> {
      const document = { ...rest, startedAt: new Date(startedAtMs), seenAt: new Date(seenAtMs) };
      await guarded(() => processes.replaceOne({ _id: id }, document, { upsert: true }));
    },

    async list(nowMs: number): Promise<ProcessReport[]> {
      const seenAt = { $gt: new Date(nowMs - SILENT_MS) };
      const found = await guarded(() =>
        processes.find({ seenAt }).sort({ program: 1, startedAt: 1 }).limit(MAX_PROCESSES).toArray(),
      );
      return found.map(({ _id, startedAt, seenAt: seen, ...rest }) => ({
        ...rest,
        id: _id,
        startedAtMs: startedAt.getTime(),
        seenAtMs: seen.getTime(),
      }));
    },

    async remove(id: string): Promise<void> {
      await guarded(() => processes.deleteOne({ _id: id }));
    },
  };
}
