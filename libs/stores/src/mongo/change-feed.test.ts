import { MongoNetworkError, MongoServerError } from 'mongodb';
import { expect, it } from 'vitest';
import { isHistoryLost } from './change-feed.ts';

it.each([
  // ChangeStreamHistoryLost: a replica set that has never forgotten anything, as in the tests, cannot be made to say it.
  [new MongoServerError({ code: 286, message: 'lost' }), true],
  [new MongoServerError({ code: 280, message: 'fatal' }), true],
  [new MongoServerError({ code: 11_602, message: 'interrupted by an election' }), false],
  [new MongoNetworkError('away'), false],
  [new Error('286'), false],
])('isHistoryLost(%s) is %s', (error, is) => expect(isHistoryLost(error)).toBe(is));
