import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { describe, expect, it } from 'vitest';
import { routesPage, whoMayCall } from './routes-page.ts';

describe('routesPage()', () => {
  it('lists every route once', () => {
    const text = routesPage();
    for (const { method, path } of ALL_ROUTES) {
      expect(text.split(`\n| \`${method.toUpperCase()} ${path}\` |`)).toHaveLength(2);
    }
  });
});

describe('whoMayCall()', () => {
  it.each([
    ['public' as const, 'anyone'],
    [{ roles: ['admin', 'viewer'], scope: 'read' } as const, 'admin, viewer; key: read'],
    [{ roles: ['operator'], scope: 'none' } as const, 'operator; no key'],
    [{ roles: ['admin'], scope: 'any' } as const, 'any valid credential'],
  ])('puts %j into words', (access, words) => {
    expect(whoMayCall({ access })).toBe(words);
  });
});
