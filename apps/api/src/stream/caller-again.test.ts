import type { Caller } from '@anika/core/access';
import type { PartnerId, SessionId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { refused } from '../auth/refusals.ts';
import { createCallerAgain } from './caller-again.ts';

const partnerId = 'par_1' as PartnerId;
const sessionId = 'ses_1' as SessionId;
const remoteAddress = '192.0.2.7';
const user = { kind: 'user', role: 'admin', partnerId, sessionId, remoteAddress } as Caller;
const key = { kind: 'key', role: 'developer', partnerId, remoteAddress } as Caller;

function again({ now, isOver = false }: { now: Caller; isOver?: boolean }) {
  const asked: unknown[] = [];
  const answer = async (by: unknown, from: unknown) => {
    asked.push([by, from]);
    if (isOver) throw refused('invalid');
    return now;
  };
  return { asked, again: createCallerAgain(Object.assign(answer, { byOpenSession: answer })) };
}

it('whoever has signed in is judged by the session, which outlives its tokens', async () => {
  const viewer = { ...user, role: 'viewer' } as Caller;
  const { again: callerAgain, asked } = again({ now: viewer });
  expect(await callerAgain(user, 'Bearer old')).toEqual(viewer);
  expect(asked).toEqual([[sessionId, remoteAddress]]);
});

it('a key is judged anew', async () => {
  const { again: callerAgain, asked } = again({ now: key });
  expect(await callerAgain(key, 'Bearer ank_1')).toEqual(key);
  expect(asked).toEqual([['Bearer ank_1', remoteAddress]]);
});

it('a session that is over, or of another company by now, is refused', async () => {
  const refusal = { code: 'unauthenticated' };
  await expect(again({ now: user, isOver: true }).again(user, undefined)).rejects.toMatchObject(refusal);
  const moved = { ...user, partnerId: 'par_2' } as Caller;
  await expect(again({ now: moved }).again(user, undefined)).rejects.toMatchObject(refusal);
});
