import { expect, it } from 'vitest';
import { standing } from '../figures/range.ts';
import { linkOfView } from './link-of-view.ts';

const NOW = Date.parse('2026-11-27T14:03:22.500Z');
const stand = (search: object) => standing(search, NOW);

it('linkOfView() says which time a view up to now was of, and in which zone', () => {
  const link = linkOfView('https://a.example/console/?range=6h&of=top_1', 'Asia/Kathmandu', stand);
  expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
    of: 'top_1',
    from: '2026-11-27T08:04:00.000Z',
    to: '2026-11-27T14:04:00.000Z',
    zone: 'Asia/Kathmandu',
  });
});

it('linkOfView() leaves the rest of an address as it is', () => {
  const link = linkOfView(
    'https://a.example/console/messages?q=%D0%BB%D0%B0%D0%B4%D0%B0#x',
    'UTC',
    (search) => search,
  );
  expect(link).toBe('https://a.example/console/messages?q=%D0%BB%D0%B0%D0%B4%D0%B0&zone=UTC#x');
});
