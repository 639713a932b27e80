import { describe, expect, it } from 'vitest';
import { createApi } from '../api/api.ts';
import { findPage } from './find-page.ts';
import type { IdKind, PastedId } from './ids.ts';

const OPERATOR = { role: 'operator', partnerId: null, userId: 'usr_1' } as const;
const api = createApi('http://127.0.0.1:9');
const of = (kind: IdKind): PastedId => ({ id: 'x_1', kind });

describe('findPage()', () => {
  it.each([
    ['delivery', '/deliveries/x_1'],
    ['message', '/messages/x_1'],
    ['company', '/partners'],
  ] as const)('leads an operator from the id of a %s to %s', async (kind, page) => {
    expect(await findPage(api, of(kind), OPERATOR)).toBe(page);
  });

  it.each(['topic', 'subscription', 'grant', 'erasure', 'replay'] as const)(
    'leads an operator from the id of a %s nowhere: there is no page of it for them',
    async (kind) => {
      expect(await findPage(api, of(kind), OPERATOR)).toBeUndefined();
    },
  );
});
