import { afterEach, describe, expect, it } from 'vitest';
import { type Receiver, type ReceiverOptions, startReceiver } from './receiver.ts';

const open: Receiver[] = [];

async function start(options?: ReceiverOptions): Promise<Receiver> {
  const receiver = await startReceiver(options);
  open.push(receiver);
  return receiver;
}

function post(url: string, body: string, signal?: AbortSignal): Promise<Response> {
  return fetch(url, { method: 'POST', body, signal });
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()));
});

describe('startReceiver()', () => {
  it('records path, headers and body of each request and answers 204', async () => {
    const receiver = await start();
    const response = await post(`${receiver.url}/cars?x=1`, '{"data": {"n":1}}');
    expect(response.status).toBe(204);
    expect(receiver.received).toMatchObject([
      { path: '/cars?x=1', rawBody: '{"data": {"n":1}}', body: { data: { n: 1 } } },
    ]);
    expect(receiver.received[0]?.headers.host).toBe(new URL(receiver.url).host);
  });

  it('keeps a body that is no JSON as it came', async () => {
    const receiver = await start();
    await post(receiver.url, 'not json');
    expect(receiver.received[0]).toMatchObject({ rawBody: 'not json', body: undefined });
  });

  it('gives a challenge back and records it apart', async () => {
    const receiver = await start({ respond: () => ({ status: 500 }) });
    const challenge = { type: 'anika.endpoint.challenge', data: { challenge: 'c-1' } };
    const response = await post(receiver.url, JSON.stringify(challenge));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ challenge: 'c-1' });
    expect(receiver.received).toEqual([]);
    expect(receiver.challenges).toHaveLength(1);
  });

  it('fails the challenge when told to', async () => {
    const receiver = await start({ respondToChallenge: () => ({ status: 403 }) });
    const challenge = { type: 'anika.endpoint.challenge', data: { challenge: 'c-1' } };
    expect((await post(receiver.url, JSON.stringify(challenge))).status).toBe(403);
  });

  it('answers with status, headers and body of the plan, from the next request on', async () => {
    const receiver = await start();
    receiver.respondWith(() => ({ status: 503, headers: { 'retry-after': '7' }, body: 'later' }));
    const response = await post(receiver.url, '{}');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.text()).toBe('later');
  });

  it('breaks the connection when the plan is reset', async () => {
    const receiver = await start({ respond: () => 'reset' });
    await expect(post(receiver.url, '{}')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('closes although an answer hangs', async () => {
    const receiver = await start({ respond: () => 'hang' });
    const hanging = post(receiver.url, '{}').catch((error: Error) => error);
    await receiver.waitFor(1);
    await receiver.close();
    expect(await hanging).toBeInstanceOf(Error);
  });
});

describe('waitFor()', () => {
  it('returns at once what has come already', async () => {
    const receiver = await start();
    await post(receiver.url, '1');
    expect(await receiver.waitFor(1, 0)).toHaveLength(1);
  });

  it('waits for a number of requests', async () => {
    const receiver = await start();
    const both = receiver.waitFor(2);
    await post(receiver.url, '1');
    await post(receiver.url, '2');
    expect((await both).map((request) => request.body)).toEqual([1, 2]);
  });

  it('waits for the request that fulfils the condition and returns only that', async () => {
    const receiver = await start();
    const second = receiver.waitFor((request) => request.body === 2);
    await post(receiver.url, '1');
    await post(receiver.url, '2');
    expect((await second).map((request) => request.body)).toEqual([2]);
  });

  it('fails saying what came instead', async () => {
    const receiver = await start();
    await post(`${receiver.url}/other`, '1');
    await expect(receiver.waitFor(2, 10)).rejects.toThrow('Not within 10 ms: 2 requests; 1 came: /other');
  });
});
