import type { Caller } from '@anika/core/access';
import type { PartnerId, UserId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { expect, it } from 'vitest';
import { createRecordLogins } from './record-logins.ts';

const userId = 'usr_1' as UserId;
const partnerId = 'par_1' as PartnerId;

function recorded() {
  const entries: unknown[] = [];
  const record = createRecordLogins({
    append: async (...entry) => void entries.push(entry),
    clock: { now: () => 7000 },
  });
  return { record, entries };
}

const caller = (of: PartnerId | undefined) => ({ userId, partnerId: of }) as Caller;
const user = (of: PartnerId | undefined) => ({ id: userId, partnerId: of }) as User;

it('a login is an entry of who signed in, for the own company', async () => {
  const { record, entries } = recorded();
  await record.login(caller(partnerId), 'succeeded');
  await record.login(caller(undefined), 'token-reused');
  expect(entries).toEqual([
    [
      { by: caller(partnerId), atMs: 7000 },
      { action: 'login.succeeded', subjectId: userId, partnerIds: [partnerId] },
    ],
    [
      { by: caller(undefined), atMs: 7000 },
      { action: 'login.token-reused', subjectId: userId, partnerIds: [] },
    ],
  ]);
});

it('failed ones are by nobody: their number, of how many networks, and where the last one came from', async () => {
  const { record, entries } = recorded();
  const counts = { attempts: 9, networks: 2, lastAddress: '192.0.2.7' };
  await record.failed('login')({ user: user(partnerId), ...counts });
  await record.failed('second-factor')({ user: user(undefined), ...counts });
  const after = { attempts: 9, networks: 2 };
  expect(entries).toEqual([
    [
      { by: { partnerId, userId: undefined, remoteAddress: '192.0.2.7' }, atMs: 7000 },
      { action: 'login.failed', subjectId: userId, partnerIds: [partnerId], after },
    ],
    [
      { by: { partnerId: undefined, userId: undefined, remoteAddress: '192.0.2.7' }, atMs: 7000 },
      { action: 'second-factor.failed', subjectId: userId, partnerIds: [], after },
    ],
  ]);
});
