import { ROLES } from '@anika/core/access';
import { expect, it } from 'vitest';
import { isPageOf, menuOf } from './menu.ts';

it.each(ROLES)('no letter leads a %s to two pages', (role) => {
  const letters = menuOf(role)
    .flatMap(({ items }) => items)
    .flatMap(({ letter }) => letter ?? []);
  expect(new Set(letters).size).toBe(letters.length);
  expect(letters.length).toBeGreaterThan(2);
});

it.each([
  ['viewer', '/audit', false],
  ['viewer', '/erasures', false],
  ['viewer', '/topics/new', false],
  ['viewer', '/partners', false],
  ['viewer', '/topics', true],
  ['developer', '/topics/new', true],
  ['admin', '/audit', true],
  ['operator', '/', true],
  ['operator', '/topics', false],
  ['viewer', '/erasures/era_01kb3v6m0eqx4tq2h7s9d5c8fz', false],
  ['developer', '/erasures/era_01kb3v6m0eqx4tq2h7s9d5c8fz', false],
  ['admin', '/erasures/era_01kb3v6m0eqx4tq2h7s9d5c8fz', true],
  ['viewer', '/topics/top_01kb3v6m0eqx4tq2h7s9d5c8fz', true],
  ['viewer', '/deliveries/dlv_01kb3v6m0eqx4tq2h7s9d5c8fz', true],
  ['operator', '/topics/top_01kb3v6m0eqx4tq2h7s9d5c8fz', false],
  ['operator', '/subscriptions/sub_01kb3v6m0eqx4tq2h7s9d5c8fz', false],
  ['operator', '/access/top_01kb3v6m0eqx4tq2h7s9d5c8fz/par_01kb3v6m0eqx4tq2h7s9d5c8fz', false],
  ['operator', '/replays/rpl_01kb3v6m0eqx4tq2h7s9d5c8fz', false],
  ['operator', '/deliveries', false],
  ['operator', '/deliveries/dlv_01kb3v6m0eqx4tq2h7s9d5c8fz', true],
  ['operator', '/messages/msg_01kb3v6m0eqx4tq2h7s9d5c8fz', true],
  ['operator', '/nowhere/at-all', true],
] as const)('a %s who opens %s is shown it: %s', (role, path, isShown) => {
  expect(isPageOf(role, path)).toBe(isShown);
});
