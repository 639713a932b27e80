import { createHash } from 'node:crypto';
import { webhookBody, webhookHeaders } from '@anika/contracts/webhook';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { createEncodeBody } from './encode-body.ts';
import { anikaFormat } from './formats.ts';
import { composeRequest } from './request.ts';
import { hmacSigner, newSecret } from './signers.ts';

const EVENT = {
  id: 'msg_1',
  type: 'car.chosen',
  timestampMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  dataText: '{"b":1.0,"a":12345678901234567890,"b2":"Лада"}',
  topic: { id: 'top_1', name: 'Выбор машины' },
  publisher: { id: 'par_1', name: 'АвтоЭкспресс' },
};
const DELIVERED = { ...EVENT, delivery: { id: 'del_1', attempt: 3 } };

describe('anikaFormat()', () => {
  it('keeps the text of the data as published', () => {
    expect(anikaFormat(EVENT).body).toBe(
      '{"type":"car.chosen","timestamp":"2026-01-02T03:04:05.678Z","data":{"b":1.0,"a":12345678901234567890,' +
        '"b2":"Лада"},"topic":{"id":"top_1","name":"Выбор машины"},"publisher":{"id":"par_1","name":"АвтоЭкспресс"}}',
    );
  });

  it('has the key when the message has one', () => {
    const body = JSON.parse(anikaFormat({ ...EVENT, key: 'customer "7"', dataText: 'null' }).body);
    expect(body).toMatchObject({ key: 'customer "7"', data: null });
  });
});

describe('composeRequest()', () => {
  const secret = newSecret(new Uint8Array(32).fill(7));
  const form = {
    subscriptionId: 'sub_1',
    format: anikaFormat,
    sign: hmacSigner([secret]),
    customHeaders: { 'x-api-key': 'k' },
  };
  const at = {
    nowMs: Date.now(),
    userAgent: 'ANIKA/test',
    spanId: '36b8f84ddf4e4d49',
    encodeBody: createEncodeBody(),
  };

  it('gives headers that verify the body', async () => {
    const { headers, body, bodyHash } = await composeRequest(DELIVERED, form, at);
    expect(new Webhook(secret).verify(body, { ...headers })).toMatchObject({ type: 'car.chosen' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'ANIKA/test',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.nowMs / 1000)),
      'anika-subscription-id': 'sub_1',
      'anika-delivery-id': 'del_1',
      'anika-attempt': '3',
      traceparent: `00-${'0'.repeat(31)}1-36b8f84ddf4e4d49-01`,
      'x-api-key': 'k',
    });
    expect(bodyHash).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('is of the shape that the contract tells, no header and no member more', async () => {
    for (const event of [EVENT, DELIVERED, { ...DELIVERED, key: 'k' }]) {
      const { headers, body } = await composeRequest(event, { ...form, customHeaders: {} }, at);
      expect(webhookHeaders.strict().parse(headers)).toEqual(headers);
      expect(Object.keys(webhookBody.strict().parse(JSON.parse(body)))).toEqual(
        Object.keys(JSON.parse(body)),
      );
    }
  });

  it('does not let the subscriber replace what ANIKA sets', async () => {
    const customHeaders = {
      'webhook-id': 'x',
      'user-agent': 'y',
      'anika-subscription-id': 'z',
      Traceparent: 'w',
    };
    const { headers } = await composeRequest(EVENT, { ...form, customHeaders }, at);
    expect(headers).toMatchObject({
      'webhook-id': 'msg_1',
      'user-agent': 'ANIKA/test',
      'anika-subscription-id': 'sub_1',
      traceparent: expect.stringMatching(/^00-/),
    });
    expect(headers).not.toHaveProperty('Traceparent');
  });

  it('names the subscription in what is no delivery too, and no delivery', async () => {
    const { headers } = await composeRequest(EVENT, form, at);
    expect(Object.keys(headers).filter((name) => name.startsWith('anika-'))).toEqual([
      'anika-subscription-id',
    ]);
  });
});
