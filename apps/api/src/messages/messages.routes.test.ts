import { Failure } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import { expect, it } from 'vitest';
import { messageRoutes } from './messages.routes.ts';

const CALLER = { kind: 'key', partnerId: 'par_0', scopes: ['read'], keyId: 'key_0', partnerActive: true };

/** The search route, of a company that has searched for too long or has not. */
function searchWith(isRefused: boolean, where = '{"data.n":{"equals":1}}') {
  const [route] = messageRoutes({
    read: async () => undefined,
    search: async () => ({ messages: [], positions: new Map() }),
    limit: {
      async run(_, work) {
        if (isRefused) throw new Failure('rate-limited', 'searched for longer than it may');
        return work();
      },
      charge: () => undefined,
    },
  });
  const query = { where, limit: 10 };
  return route?.handle({ query, caller: CALLER, params: undefined, body: undefined } as never);
}

it('reads a filter only of a company that may search now', async () => {
  await expect(searchWith(true)).rejects.toMatchObject({ code: 'rate-limited' });
  await expect(searchWith(false)).rejects.toMatchObject({ code: 'validation-failed' });
});

it('names the rule that a repeated name in a filter breaks', async () => {
  const error = { path: 'where.key', ...said('repeated-name') };
  await expect(searchWith(false, '{"key":"a","key":"b"}')).rejects.toMatchObject({ errors: [error] });
});
