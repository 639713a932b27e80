import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { describe, expect, it } from 'vitest';
import { isAway } from './client.ts';

const NO_RESULT = {} as ConstructorParameters<typeof MongoBulkWriteError>[1];
const NO_TOPOLOGY = {} as ConstructorParameters<typeof MongoServerSelectionError>[1];
type Wrapped = ConstructorParameters<typeof MongoBulkWriteError>[0];
/** As the driver wraps an error that ended a bulk write. */
const inBulk = (error: Error) => new MongoBulkWriteError(error as unknown as Wrapped, NO_RESULT);

const systemError = (code: string) => Object.assign(new Error(`write ${code}`), { code });

describe('isAway()', () => {
  it.each([
    ['a broken connection', new MongoNetworkError('connection 1 closed')],
    ['a broken connection in a bulk write', inBulk(new MongoNetworkError('interrupted'))],
    ['a server that is shutting down', new MongoServerError({ message: 'interrupted', code: 11_600 })],
    ['the same in a bulk write', inBulk(new MongoServerError({ message: 'interrupted', code: 11_600 }))],
    ['a full disk', new MongoServerError({ message: 'no space', code: 14_031 })],
    ['a socket that was reset before the driver wrote to it', systemError('ECONNRESET')],
    ['the same in a bulk write', inBulk(systemError('EPIPE'))],
    ['a client that was replaced meanwhile', new MongoClientClosedError()],
    ['the same in a bulk write', inBulk(new MongoClientClosedError())],
    ['its server', new MongoServerClosedError('Server is closed')],
    ['its session', new MongoExpiredSessionError('Cannot use a session that has ended')],
    ['no server', new MongoServerSelectionError('none', NO_TOPOLOGY)],
  ])('holds for %s', (_title, error) => {
    expect(isAway(error)).toBe(true);
  });

  it.each([
    ['a duplicate key', new MongoServerError({ message: 'E11000', code: 11_000 })],
    ['a duplicate key in a bulk write', inBulk(new MongoServerError({ message: 'E11000', code: 11_000 }))],
    ['a file that is not there', systemError('ENOENT')],
    ['a bug of ours', new TypeError('x is not a function')],
    ['nothing at all', undefined],
  ])('does not hold for %s', (_title, error) => {
    expect(isAway(error)).toBe(false);
  });
});
