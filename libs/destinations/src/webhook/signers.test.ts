import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { hmacSigner, newSecret } from './signers.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);

function headersOf(id: string, timestampSeconds: number, signature: string) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signature,
  };
}

describe('newSecret()', () => {
  it('is whsec_ and the base64 of 32 bytes', () => {
    const random = randomBytes(40);
    expect(newSecret(random)).toBe(`whsec_${random.subarray(0, 32).toString('base64')}`);
  });

  it('refuses fewer than 32 bytes', () => {
    expect(() => newSecret(new Uint8Array(31))).toThrow(RangeError);
  });
});

describe('hmacSigner()', () => {
  it('gives the signature of the example of Standard Webhooks', () => {
    const signature = hmacSigner(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1614265330,
      body: '{"test": 2432232314}',
    });
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('is accepted by the verifiers of Standard Webhooks and Svix, whatever the body', () => {
    const body = fc.oneof(fc.json(), fc.string({ unit: 'grapheme' }), fc.constant('{"машина":"Лада 🚗"}'));
    const random = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(body, random, (text, bytes) => {
        const secret = newSecret(bytes);
        const timestampSeconds = nowSeconds();
        const signature = hmacSigner([secret])({ id: 'msg_1', timestampSeconds, body: text });
        const headers = headersOf('msg_1', timestampSeconds, signature);
        // Both parse the body as JSON after the check; only the check is of interest here.
        const verified = (verify: () => unknown) => {
          try {
            verify();
            return true;
          } catch (error) {
            return error instanceof SyntaxError;
          }
        };
        expect(verified(() => new Webhook(secret).verify(text, headers))).toBe(true);
        expect(verified(() => new SvixWebhook(secret).verify(text, headers))).toBe(true);
      }),
    );
  });

  it('can be verified with either of two secrets', () => {
    const secrets = [newSecret(randomBytes(32)), newSecret(randomBytes(32))];
    const timestampSeconds = nowSeconds();
    const signature = hmacSigner(secrets)({ id: 'msg_2', timestampSeconds, body: '{"a":1}' });
    const headers = headersOf('msg_2', timestampSeconds, signature);
    expect(signature.split(' ')).toHaveLength(2);
    for (const secret of secrets) expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
  });

  it('is refused after any change, and with another secret', () => {
    const secret = newSecret(randomBytes(32));
    const timestampSeconds = nowSeconds();
    const signature = hmacSigner([secret])({ id: 'msg_3', timestampSeconds, body: '{"a":1}' });
    const headers = headersOf('msg_3', timestampSeconds, signature);
    const webhook = new Webhook(secret);
    expect(() => webhook.verify('{"a":2}', headers)).toThrow();
    expect(() => webhook.verify('{"a":1}', { ...headers, 'webhook-id': 'msg_4' })).toThrow();
    expect(() =>
      webhook.verify('{"a":1}', { ...headers, 'webhook-timestamp': String(timestampSeconds - 1) }),
    ).toThrow();
    expect(() => new Webhook(newSecret(randomBytes(32))).verify('{"a":1}', headers)).toThrow();
  });
});
