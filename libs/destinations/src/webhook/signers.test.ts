import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { ed25519Signer, hmacSigner, newSecret } from './signers.ts';

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

/** PKCS #8 of an Ed25519 seed (RFC 8410 §7). */
function keyOf(seedHex: string) {
  const key = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(seedHex, 'hex'),
  ]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

describe('ed25519Signer()', () => {
  const RFC_8032 = [
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
  ];

  it.each(RFC_8032)('stands on a primitive that gives RFC 8032 §7.1 for "$message"', (vector) => {
    const key = keyOf(vector.seed);
    const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
    expect(Buffer.from(x, 'base64url').toString('hex')).toBe(vector.publicKey);
    expect(sign(null, Buffer.from(vector.message, 'hex'), key).toString('hex')).toBe(vector.signature);
  });

  it('gives what OpenSSL gives for the content of Standard Webhooks', async () => {
    const signer = ed25519Signer(async () => [keyOf(RFC_8032[0]?.seed ?? '')]);
    const signed = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSeconds: 1614265330,
      body: '{"test": 2432232314}',
    };
    expect(await signer(signed)).toBe(
      'v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==',
    );
  });

  it('can be verified with either of two keys, and not after any change', async () => {
    const pairs = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const signer = ed25519Signer(async () => pairs.map(({ privateKey }) => privateKey));
    const header = await signer({ id: 'msg_1', timestampSeconds: 7, body: '{"машина":1}' });
    const signatures = header.split(' ').map((one) => Buffer.from(one.slice('v1a,'.length), 'base64'));
    const fits = (content: string) =>
      pairs.map(({ publicKey }) =>
        signatures.some((signature) => verify(null, Buffer.from(content), publicKey, signature)),
      );
    expect(signatures).toHaveLength(2);
    expect(fits('msg_1.7.{"машина":1}')).toEqual([true, true]);
    for (const other of ['msg_2.7.{"машина":1}', 'msg_1.8.{"машина":1}', 'msg_1.7.{"машина":2}']) {
      expect(fits(other)).toEqual([false, false]);
    }
  });
});
