import { z } from 'zod';
import { BUILDERS_MANAGE, defineRoute } from './route.ts';
import { one } from './subscriptions.ts';

const secrets = z
  .object({
    secret: z.string(),
    previousSecretUntil: z.string().nullable().describe('The end of the one that was replaced last'),
    previousSecrets: z
      .array(z.object({ secret: z.string(), until: z.string() }))
      .describe('Earlier secrets that sign as well, the newest first, each until its own end'),
  })
  .meta({ id: 'SigningSecrets' });

export const rotateSecret = defineRoute({
  ...one,
  id: 'rotateSecret',
  method: 'post',
  path: '/v1/subscriptions/{id}/rotate-secret',
  summary: 'A new signing secret; the old one signs too while the grace lasts',
  description:
    'Each earlier secret signs until its own end, at most five of them; one more is 409. "graceSeconds": 0 ends all.',
  access: BUILDERS_MANAGE,
  body: z.strictObject({ graceSeconds: z.number().int().min(0).max(604800).default(86400) }).optional(),
  success: {
    status: 200,
    schema: secrets,
    description: 'The new secret, and the earlier ones that sign as well',
  },
  failures: ['not-found', 'conflict'],
});

export const getSecret = defineRoute({
  ...one,
  id: 'getSecret',
  method: 'get',
  path: '/v1/subscriptions/{id}/secret',
  summary: 'Read the signing secrets: the present one, and earlier ones while their grace lasts',
  access: BUILDERS_MANAGE,
  success: {
    status: 200,
    schema: secrets,
    description: 'The secret',
  },
  failures: ['not-found'],
});

export const webhookKeys = defineRoute({
  id: 'webhookKeys',
  module: 'topics',
  method: 'get',
  path: '/.well-known/anika-webhook-keys.json',
  summary: 'Public keys that verify webhooks signed with ed25519 (RFC 7517, RFC 8037)',
  description:
    'The present key and, for a week after a rotation, the one before it: each signs every request. Read it again when no key of yours fits; a new key signs within a minute.',
  access: 'public',
  success: {
    status: 200,
    schema: z.object({
      keys: z.array(
        z.object({
          kty: z.literal('OKP'),
          crv: z.literal('Ed25519'),
          x: z.string().describe('The public key, 32 bytes in base64url'),
          kid: z.string(),
          use: z.literal('sig'),
          alg: z.literal('EdDSA'),
        }),
      ),
    }),
    description: 'Key set',
  },
});
