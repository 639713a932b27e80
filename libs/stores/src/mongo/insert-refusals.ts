import { Failure } from '@anika/core/failures';
import { ItemError } from '@anika/runtime/split-on-failure';
import { Unavailable } from '@anika/runtime/unavailable';
import {
  BSON,
  MongoBulkWriteError,
  MongoInvalidArgumentError,
  MongoServerError,
  type WriteError,
} from 'mongodb';
import { isAway } from './client.ts';

const DUPLICATE_KEY = 11000;
/** The document is not what can be stored: bad value, invalid BSON, too large, a key too long for its index. */
const UNSTORABLE = new Set<unknown>([2, 22, 10_334, 17_280]);

/**
 * What became of the documents of an unordered insert that were not stored, by their positions. Throws what is not
 * about single documents, and what the driver found out about one of several before it sent any.
 */
export function insertRefusals(error: unknown, count: number): Map<number, 'duplicate' | ItemError> {
  if (count === 1 && isDriversRefusal(error)) return new Map([[0, unstorable(error)]]);
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const errors = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  if (errors.length === 0 || error.result?.getWriteConcernError() !== undefined) throw error;
  return new Map(errors.map((one) => [one.index, refusalOf(one)]));
}

function refusalOf({ code, errmsg }: WriteError): 'duplicate' | ItemError {
  if (code === DUPLICATE_KEY) return 'duplicate';
  const error = new MongoServerError({ code, errmsg });
  if (isAway(error)) return new ItemError(new Unavailable('MongoDB', { cause: error }));
  return UNSTORABLE.has(code) ? unstorable(error) : new ItemError(error);
}

/** A RangeError: the document is longer than what the driver can write into. */
function isDriversRefusal(error: unknown): boolean {
  if (error instanceof RangeError) return true;
  return BSON.BSONError.isBSONError(error) || error instanceof MongoInvalidArgumentError;
}

function unstorable(cause: unknown): ItemError {
  const message = 'cannot be stored: once encoded it is larger than 16 MB or holds what no document may';
  return new ItemError(
    new Failure('validation-failed', `data: ${message}`, { errors: [{ path: 'data', message }], cause }),
  );
}
