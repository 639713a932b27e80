import { expect, it } from 'vitest';
import { pageOfId } from './go-to.ts';

it.each([
  ['top_01kb3v6m0eqx4tq2h7s9d5c8fz', '/topics/top_01kb3v6m0eqx4tq2h7s9d5c8fz'],
  ['  "msg_01kb3v6m0eqx4tq2h7s9d5c8fz", ', '/messages/msg_01kb3v6m0eqx4tq2h7s9d5c8fz'],
  [
    'dlv_01kb3v6m0eqx4tq2h7s9d5c8fz0123456789abcdef',
    '/deliveries/dlv_01kb3v6m0eqx4tq2h7s9d5c8fz0123456789abcdef',
  ],
  ['rpl_01kb3v6m0eqx4tq2h7s9d5c8fz', '/replays/rpl_01kb3v6m0eqx4tq2h7s9d5c8fz'],
  ['sub_01kb3v6m0eqx4tq2h7s9d5c8fz', '/subscriptions/sub_01kb3v6m0eqx4tq2h7s9d5c8fz'],
])('pageOfId() leads %s to its page', (text, page) => {
  expect(pageOfId(text)).toBe(page);
});

it.each([
  '',
  'topics',
  'par_01kb3v6m0eqx4tq2h7s9d5c8fz',
  'top_1',
  'top_01kb3v6m0eqx4tq2h7s9d5c8fz/x',
  'javascript:alert(1)',
])('pageOfId() knows no page for "%s"', (text) => {
  expect(pageOfId(text)).toBeUndefined();
});
