import type { SendResult } from '@anika/core/delivery/attempt-result';
import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import type { SendRequest } from './send.ts';
import { newSecret } from './signers.ts';
import { createWebhookDestination } from './webhook.ts';

const SECRETS = [1, 2].map((fill) => newSecret(new Uint8Array(32).fill(fill)));
const NOW_MS = Date.now();
const subscription = {
  id: 'sub_1' as SubscriptionId,
  partnerId: 'par_1' as PartnerId,
  url: 'https://endpoint.example/hook',
  headers: { authorization: { sealed: 'Bearer x' } },
  timeoutMs: 3000,
  signature: 'hmac' as const,
  format: 'anika' as const,
};
const ABOUT = {
  topic: { id: 'top_1', name: 'Выбор машины' },
  publisher: { id: 'par_1', name: 'АвтоЭкспресс' },
};

function answered(status: number, bodyStart: string): SendResult {
  return { kind: 'response', status, retryAfter: undefined, bodyStart, durationMs: 5 };
}

function asking(result: SendResult) {
  const post = vi.fn(async (_request: SendRequest) => result);
  const contexts: string[] = [];
  const endpoints = createWebhookDestination({
    post,
    openSecret(sealed, context) {
      contexts.push(context);
      return sealed;
    },
    keys: { signing: async () => [] },
    newEventId: () => 'msg_own',
    newChallenge: () => 'c-1',
    newSpanId: () => '36b8f84ddf4e4d49',
    userAgent: 'ANIKA/test',
    clock: { now: () => NOW_MS },
  });
  const target = endpoints.prepare({ subscription, sealedSecrets: SECRETS });
  return {
    contexts,
    verify: () => endpoints.verify(target, ABOUT),
    send: (event: object = {}) =>
      endpoints.send({ id: 'msg_1', type: 'a', timestampMs: 0, dataText: '{}', ...ABOUT, ...event }, target),
    sent(): SendRequest {
      expect(post).toHaveBeenCalledOnce();
      const [[request] = []] = post.mock.calls;
      if (request === undefined) throw new Error('nothing was sent');
      return request;
    },
  };
}

it('prepare() opens secrets and headers as those of their own subscription', () => {
  expect(asking(answered(204, '')).contexts.sort()).toEqual([
    'subscription-header:sub_1:authorization',
    'subscription:sub_1',
    'subscription:sub_1',
  ]);
});

describe('verify()', () => {
  it('sends what is signed with all secrets, bare, and gives ten seconds, whatever its own time-out', async () => {
    const { verify, sent } = asking(answered(200, '{"challenge":"c-1"}'));
    expect(await verify()).toEqual({ ok: true });
    const { headers, body, ...where } = sent();
    expect(where).toEqual({ partnerId: 'par_1', url: subscription.url, timeoutMs: 10_000 });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers).toMatchObject({ 'webhook-id': 'msg_own', 'anika-subscription-id': 'sub_1' });
    for (const secret of SECRETS) {
      expect(new Webhook(secret).verify(body, { ...headers })).toMatchObject({
        type: 'anika.endpoint.challenge',
        data: { challenge: 'c-1' },
        ...ABOUT,
      });
    }
  });

  it.each([
    [200, '{"challenge":"c-2"}', /not repeated/],
    [200, '{"challenge":["c-1"]}', /not repeated/],
    [200, '"c-1"', /not repeated/],
    [200, 'null', /not repeated/],
    [200, '', /not repeated/],
    [199, '{"challenge":"c-1"}', /status 199/],
    [300, '{"challenge":"c-1"}', /status 300/],
    [410, '{"challenge":"c-1"}', /status 410/],
  ])('is not passed with %i and %s', async (status, body, reason) => {
    expect(await asking(answered(status, body)).verify()).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });

  it.each([
    ['a byte order mark before it', '\ufeff{"challenge":"c-1"}'],
    ['white space around it', ' \r\n{"challenge":"c-1"}\n'],
    ['more members', '{"ok":true,"challenge":"c-1"}'],
  ])('is passed with %s', async (_title, body) => {
    expect(await asking(answered(200, body)).verify()).toEqual({ ok: true });
  });

  it('is not passed when no place was free to send it', async () => {
    expect(await asking({ kind: 'not-sent', waitedMs: 1000 }).verify()).toEqual({
      ok: false,
      reason: expect.stringContaining('not sent'),
    });
  });

  it('is not passed without an answer', async () => {
    const failed = {
      kind: 'error',
      errorClass: 'timeout',
      message: 'no answer',
      durationMs: 10_000,
    } as const;
    expect(await asking(failed).verify()).toEqual({
      ok: false,
      reason: 'challenge failed: no answer',
    });
  });
});

describe('send()', () => {
  it('takes the headers and the time-out of the subscription, and keeps the proof', async () => {
    const result = answered(503, 'later');
    const { send, sent } = asking(result);
    const tried = await send({ delivery: { id: 'dlv_1', attempt: 2 } });
    const { headers, timeoutMs } = sent();
    expect(timeoutMs).toBe(3000);
    expect(headers).toMatchObject({ authorization: 'Bearer x', 'anika-attempt': '2' });
    expect(tried).toMatchObject({
      kind: 'failed',
      load: 'strained',
      evidence: {
        result,
        atMs: NOW_MS,
        signature: headers['webhook-signature'],
        spanId: headers.traceparent?.split('-')[2],
      },
    });
  });

  it.each([
    [answered(200, ''), 'accepted'],
    [answered(410, ''), 'refused'],
    [answered(413, ''), 'refused'],
    [answered(500, ''), 'failed'],
    [{ kind: 'error', errorClass: 'timeout', message: '', durationMs: 1 }, 'failed'],
    [{ kind: 'not-sent', waitedMs: 1 }, 'not-sent'],
  ] as const)('says of %o: %s', async (result, kind) => {
    expect((await asking(result).send()).kind).toBe(kind);
  });
});
