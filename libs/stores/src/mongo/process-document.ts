import type { Collection, Db } from 'mongodb';

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

export type ProcessDocument = Omit<ProcessReport, 'id' | 'startedAtMs' | 'seenAtMs'> & {
  _id: string;
  startedAt: Date;
  seenAt: Date;
};

const KEPT_SECONDS = 600;

export function processCollection(db: Db): Collection<ProcessDocument> {
  return db.collection('processes');
}

export async function createProcessIndexes(db: Db): Promise<void> {
  await processCollection(db).createIndex(
    { seenAt: 1 },
    { name: 'expires', expireAfterSeconds: KEPT_SECONDS },
  );
}
