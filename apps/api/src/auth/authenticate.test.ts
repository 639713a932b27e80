import type { User } from '@anika/core/user';
import { describe, expect, it } from 'vitest';
import { createAuthenticate } from './authenticate.ts';

const USER = { id: 'usr_1', partnerId: 'par_1', role: 'developer', email: 'a@example.org' } as User;
const TOKEN = 'Bearer abc.def.ghi';

describe('authenticate()', () => {
  it('answers with what it was loading when the user is changed meanwhile, and loads again next time', async () => {
    const waiting: ((found: { user: User; partnerActive: boolean } | undefined) => void)[] = [];
    const authenticate = createAuthenticate({
      tokens: { verify: async () => ({ userId: USER.id, partnerId: USER.partnerId, role: USER.role }) },
      findUser: () => new Promise((resolve) => waiting.push(resolve)),
      findKey: async () => undefined,
      keyUsed: () => undefined,
      clock: { now: () => 0 },
    });
    const before = authenticate(TOKEN);
    await expect.poll(() => waiting.length).toBe(1);
    authenticate.forget({ kind: 'user', id: USER.id });
    waiting[0]?.({ user: USER, partnerActive: true });
    expect(await before).toMatchObject({ userId: USER.id });

    const after = authenticate(TOKEN);
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.(undefined);
    await expect(after).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
