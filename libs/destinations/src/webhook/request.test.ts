import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { composeBody, signRequest } from './request.ts';
import { newSecret } from './sign.ts';

const EVENT = {
  type: 'car.chosen',
  timestampMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  dataText: '{"b":1.0,"a":12345678901234567890,"b2":"Лада"}',
  key: undefined,
  topic: { id: 'top_1', name: 'Выбор машины' },
  publisher: { id: 'par_1', name: 'АвтоЭкспресс' },
};

describe('composeBody()', () => {
  it('keeps the text of the data as published', () => {
    expect(composeBody(EVENT)).toBe(
      '{"type":"car.chosen","timestamp":"2026-01-02T03:04:05.678Z","data":{"b":1.0,"a":12345678901234567890,' +
        '"b2":"Лада"},"topic":{"id":"top_1","name":"Выбор машины"},"publisher":{"id":"par_1","name":"АвтоЭкспресс"}}',
    );
  });

  it('has the key when the message has one', () => {
    const body = JSON.parse(composeBody({ ...EVENT, key: 'customer "7"', dataText: 'null' }));
    expect(body).toMatchObject({ key: 'customer "7"', data: null });
  });
});

describe('signRequest()', () => {
  const secret = newSecret(new Uint8Array(32).fill(7));
  const input = {
    id: 'msg_1',
    body: composeBody(EVENT),
    secrets: [secret],
    nowMs: Date.now(),
    userAgent: 'ANIKA/test',
    customHeaders: { 'x-api-key': 'k' },
  };

  it('gives headers that verify the body', () => {
    const { headers, body, bodyHash } = signRequest({
      ...input,
      subscriptionId: 'sub_1',
      deliveryId: 'del_1',
      attempt: 3,
    });
    expect(new Webhook(secret).verify(body, { ...headers })).toMatchObject({ type: 'car.chosen' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'ANIKA/test',
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(input.nowMs / 1000)),
      'anika-subscription-id': 'sub_1',
      'anika-delivery-id': 'del_1',
      'anika-attempt': '3',
      'x-api-key': 'k',
    });
    expect(bodyHash).toBe(createHash('sha256').update(body).digest('hex'));
  });

  it('does not let the subscriber replace what ANIKA sets', () => {
    const { headers } = signRequest({ ...input, customHeaders: { 'webhook-id': 'x', 'user-agent': 'y' } });
    expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'user-agent': 'ANIKA/test' });
  });

  it('leaves out what a challenge does not have', () => {
    const { headers } = signRequest({ ...input, customHeaders: undefined });
    expect(Object.keys(headers).filter((name) => name.startsWith('anika-'))).toEqual([]);
  });
});
