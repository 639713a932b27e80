import type { SendResult } from '@anika/core/delivery/attempt-result';
import type { PartnerId } from '@anika/core/ids';
import { describe, expect, it, vi } from 'vitest';
import { createEndpointProbe, type EndpointProbeNeeds } from './endpoint-probe.ts';

const probe = {
  subscription: {
    partnerId: 'par_1' as PartnerId,
    url: 'https://endpoint.example/hook',
    headers: { authorization: 'Bearer x' },
    timeoutMs: 3000,
  },
  secrets: ['whsec_a', 'whsec_b'],
  topic: { id: 'top_1', name: 'Выбор машины' },
  publisher: { id: 'par_1', name: 'АвтоЭкспресс' },
};

function answered(status: number, bodyStart: string): SendResult {
  return { kind: 'response', status, retryAfter: undefined, bodyStart, durationMs: 5 };
}

function probing(result: SendResult) {
  const send = vi.fn<EndpointProbeNeeds['send']>(async () => result);
  const sign = vi.fn<EndpointProbeNeeds['sign']>((event) => ({
    headers: { signed: 'yes' },
    body: event.dataText,
  }));
  const clock = { now: () => 1_700_000_000_000 };
  return { send, sign, ...createEndpointProbe({ send, sign, clock, newChallenge: () => 'c-1' }) };
}

describe('challenge()', () => {
  it('sends what is signed with all secrets and gives the endpoint ten seconds, whatever its own time-out', async () => {
    const { challenge, send, sign } = probing(answered(200, '{"challenge":"c-1"}'));
    expect(await challenge(probe)).toEqual({ ok: true });
    expect(sign).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: 'anika.endpoint.challenge', dataText: '{"challenge":"c-1"}' }),
      { secrets: probe.secrets, headers: undefined },
    );
    expect(send).toHaveBeenCalledExactlyOnceWith({
      partnerId: 'par_1',
      url: probe.subscription.url,
      headers: { signed: 'yes' },
      body: '{"challenge":"c-1"}',
      timeoutMs: 10_000,
    });
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
    expect(await probing(answered(status, body)).challenge(probe)).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });

  it.each([
    ['a byte order mark before it', '\ufeff{"challenge":"c-1"}'],
    ['white space around it', ' \r\n{"challenge":"c-1"}\n'],
    ['more members', '{"ok":true,"challenge":"c-1"}'],
  ])('is passed with %s', async (_title, body) => {
    expect(await probing(answered(200, body)).challenge(probe)).toEqual({ ok: true });
  });

  it('is not passed when no place was free to send it', async () => {
    expect(await probing({ kind: 'not-sent', waitedMs: 1000 }).challenge(probe)).toEqual({
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
    expect(await probing(failed).challenge(probe)).toEqual({
      ok: false,
      reason: 'challenge failed: no answer',
    });
  });
});

describe('test()', () => {
  it("takes the subscription's own time-out and reports what came", async () => {
    const result = answered(503, 'later');
    const { test, send, sign } = probing(result);
    expect(await test(probe)).toBe(result);
    expect(sign).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ type: 'anika.endpoint.test' }),
      expect.objectContaining({ headers: { authorization: 'Bearer x' } }),
    );
    expect(send).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ timeoutMs: 3000 }));
  });
});
