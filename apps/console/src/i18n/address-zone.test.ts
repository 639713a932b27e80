import { expect, it } from 'vitest';
import { withZone, zoneIn } from './address-zone.ts';

it.each([
  ['?zone=Asia/Kathmandu', 'Asia/Kathmandu'],
  ['?tab=x&zone=America%2FSt_Johns', 'America/St_Johns'],
  ['?zone=Mars/Base', undefined],
  ['?zone=', undefined],
  ['', undefined],
])('zoneIn(%s) is %s', (search, zone) => {
  expect(zoneIn(search)).toBe(zone);
});

it('withZone() adds one that was chosen, unless the address has its own', () => {
  expect(withZone('https://a.example/console/?tab=x', 'UTC')).toBe(
    'https://a.example/console/?tab=x&zone=UTC',
  );
  expect(withZone('https://a.example/?zone=Asia/Tokyo', 'UTC')).toBe('https://a.example/?zone=Asia/Tokyo');
  expect(withZone('https://a.example/?zone=Mars', 'UTC')).toBe('https://a.example/?zone=UTC');
  expect(withZone('https://a.example/', undefined)).toBe('https://a.example/');
});
