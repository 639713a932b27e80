import { ROLES } from '@anika/core/access';
import { expect, it } from 'vitest';
import { menuOf } from './menu.ts';

it.each(ROLES)('no letter leads a %s to two pages', (role) => {
  const letters = menuOf(role)
    .flatMap(({ items }) => items)
    .flatMap(({ letter }) => letter ?? []);
  expect(new Set(letters).size).toBe(letters.length);
  expect(letters.length).toBeGreaterThan(2);
});
