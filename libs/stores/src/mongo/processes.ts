import { guarded, type Mongo } from './client.ts';
import { type ProcessReport, processCollection } from './process-document.ts';

/** Who has been silent so long is not there any more. */
const SILENT_MS = 35_000;
const MAX_PROCESSES = 1000;

/** Which processes there are: each says so itself, again and again. */
export function createProcessStore({ db }: Mongo) {
  const processes = processCollection(db);
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
