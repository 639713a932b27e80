import { type Collection, type Document, MongoServerError } from 'mongodb';
import { z } from 'zod';
import type { Mongo } from './client.ts';

const DUPLICATE_KEY = 11000;

const insertReply = z.looseObject({
  writeErrors: z.array(z.looseObject({ index: z.number(), code: z.number() })).default([]),
  writeConcernError: z.looseObject({ code: z.number() }).optional(),
});

/**
 * Inserts documents durably with one command, which is a third of what the driver's `insertMany` costs: that measures
 * each document first. Together they must be below the 16 MB of a command: they are of a bounded size. Answers
 * the positions of those that were there already; any other error is thrown. The driver does not try it again.
 */
export async function insertGroup<D extends Document & { readonly _id: string }>(
  { db }: Pick<Mongo, 'db'>,
  { collectionName }: Collection<D>,
  documents: readonly D[],
): Promise<Set<number>> {
  const reply = insertReply.parse(
    await db.command(
      { insert: collectionName, documents, ordered: false, writeConcern: { w: 'majority', j: true } },
      // A command does not inherit it from the client.
      { ignoreUndefined: true },
    ),
  );
  const error = reply.writeErrors.find(({ code }) => code !== DUPLICATE_KEY) ?? reply.writeConcernError;
  if (error !== undefined) throw new MongoServerError(error);
  return new Set(reply.writeErrors.map(({ index }) => index));
}
