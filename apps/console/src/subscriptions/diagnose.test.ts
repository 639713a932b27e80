import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { diagnose, headersIn } from './diagnose.ts';

const SECRET = 'whsec_YW4gZXhhbXBsZSBvZiBhIGtleSwgMzIgYnl0ZXMgb2s=';
const KEY = Buffer.from(SECRET.slice(6), 'base64');
const ID = 'msg_01m85k7fszf6y437gwh5xedzpr';
const SECONDS = 1795484271;
const NOW = SECONDS * 1000 + 2000;
const BODY = '{"type": "car.selected", "data": {"model": "Лада"}}';

const sign = (key: Buffer | string, content: string) =>
  `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
const headersWith = (signature: string, timestamp: string | number = SECONDS) =>
  `webhook-id: ${ID}\nWebhook-Timestamp: ${timestamp}\nwebhook-signature: ${signature}`;
const check = (headers: string, more: object = {}) =>
  diagnose({ secret: SECRET, headers, body: BODY, nowMs: NOW, ...more });
const signed = (body: string) => `${ID}.${SECONDS}.${body}`;

describe('diagnose()', () => {
  it('accepts what the receiver should accept, by any of several signatures', async () => {
    const good = sign(KEY, signed(BODY));
    expect(await check(headersWith(good))).toEqual(['fits']);
    expect(await check(headersWith(`${sign('another', signed(BODY))} ${good}`))).toEqual(['fits']);
  });

  it('accepts the example of docs/webhooks.md', async () => {
    const body =
      '{"type":"car.selected","timestamp":"2026-11-24T01:37:50.399Z","key":"order-17","data":{"model":"Лада Веста","price":1749000},"topic":{"id":"top_01m85k7b2q3y6h8n4w9xcdz5ft","name":"Выбор машины"},"publisher":{"id":"par_01m85k6v9d2r7k5j1s8mbtq4ge","name":"АвтоЭкспресс"}}';
    const headers = headersWith('v1,2AXcf4RYrCd+HnEKLr38xtRIHzTdNLK8sx2EMEL0Gng=');
    expect(await check(headers, { body })).toEqual(['fits']);
  });

  it.each([
    ['no-secret', headersWith('v1,x'), { secret: ' ' }],
    ['secret-is-not-base64', headersWith('v1,x'), { secret: 'whsec_секрет' }],
    ['no-id', 'webhook-timestamp: 1\nwebhook-signature: v1,x', {}],
    ['no-timestamp', `webhook-id: ${ID}\nwebhook-signature: v1,x`, {}],
    ['no-signature', `webhook-id: ${ID}\nwebhook-timestamp: 1`, {}],
    ['other-header', 'X-Signature: abc', {}],
    ['ed25519', headersWith('v1a,abc v1a,def'), {}],
    ['fits-trimmed', headersWith(sign(KEY, signed(BODY))), { body: `${BODY}\n` }],
    ['fits-with-newline', headersWith(sign(KEY, signed(`${BODY}\n`))), {}],
    ['fits-compact', headersWith(sign(KEY, signed(JSON.stringify(JSON.parse(BODY))))), {}],
    ['fits-without-prefix-cut', headersWith(sign(SECRET, signed(BODY))), {}],
    ['fits-text-as-key', headersWith(sign(SECRET.slice(6), signed(BODY))), {}],
    ['fits-body-alone', headersWith(sign(KEY, BODY)), {}],
    ['does-not-fit', headersWith(sign('another', signed(BODY))), {}],
  ])('finds %s', async (finding, headers, more) => {
    expect(await check(headers, more)).toEqual([finding]);
  });

  it('says of a time that is off that it is, beside what it found', async () => {
    const headers = headersWith(sign(KEY, signed(BODY)));
    expect(await check(headers, { nowMs: NOW + 660_000 })).toEqual(['fits', 'too-old']);
    const milliseconds = headersWith(sign(KEY, `${ID}.${SECONDS}000.${BODY}`), `${SECONDS}000`);
    expect(await check(milliseconds)).toEqual(['fits', 'timestamp-not-seconds']);
  });
});

it('headersIn() reads what logs and tools print', () => {
  expect(
    headersIn('Webhook-Id: a\r\n"webhook-timestamp": "1",\nnot a header\nwebhook-signature=v1,b'),
  ).toEqual(
    new Map([
      ['webhook-id', 'a'],
      ['webhook-timestamp', '1'],
      ['webhook-signature', 'v1,b'],
    ]),
  );
});
