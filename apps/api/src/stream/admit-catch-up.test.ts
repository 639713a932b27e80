import type { PartnerId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createAdmitCatchUp } from './admit-catch-up.ts';

it('a company that catches up too often is refused, with when to come again; others are not', async () => {
  const admit = createAdmitCatchUp();
  for (let n = 0; n < 10; n += 1) await admit('par_1' as PartnerId);
  await expect(admit('par_1' as PartnerId)).rejects.toMatchObject({
    code: 'rate-limited',
    retryAfterSeconds: expect.any(Number),
  });
  await admit('par_2' as PartnerId);
});
