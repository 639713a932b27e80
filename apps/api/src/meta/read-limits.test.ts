import type { PartnerId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createReadLimits } from './read-limits.ts';

const defaults = { keys: 1, users: 2, topics: 3, grants: 4, subscriptions: 5 };
const own = 'par_own' as PartnerId;

const limitsOf = createReadLimits({
  findPartner: async (id) => (id === own ? { limits: { topics: 30, users: 0 } } : undefined),
  defaults,
});

it('a company’s own limits go before those of the settings, also when they are nothing', async () => {
  expect(await limitsOf(own)).toEqual({ ...defaults, topics: 30, users: 0 });
});

it('who belongs to no company, or to one that is gone, sees those of the settings', async () => {
  expect(await limitsOf(undefined)).toEqual(defaults);
  expect(await limitsOf('par_gone' as PartnerId)).toEqual(defaults);
});
