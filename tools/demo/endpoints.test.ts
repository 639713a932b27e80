import { Webhook } from 'standardwebhooks';
import { afterEach, expect, it } from 'vitest';
import { type Endpoint, openEndpoint } from './endpoints.ts';

const SECRET = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const BODY = '{"type":"car.chosen","data":{"n":1}}';
let endpoint: Endpoint;

afterEach(() => endpoint.shutDown());

async function post(body: string, signedWith?: string): Promise<Response> {
  const at = new Date();
  const signature = signedWith ? new Webhook(signedWith).sign('msg_1', at, BODY) : '';
  return fetch(endpoint.url, {
    method: 'POST',
    body,
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature,
      'anika-attempt': '1',
    },
  });
}

it('an endpoint gives the challenge back', async () => {
  endpoint = await openEndpoint();
  const answer = await post('{"type":"anika.endpoint.challenge","data":{"challenge":"abc"}}');
  expect(await answer.json()).toEqual({ challenge: 'abc' });
  expect([endpoint.challenges, endpoint.arrivals.length]).toEqual([1, 0]);
});

it('an endpoint takes what is signed with its secret and refuses anything else', async () => {
  endpoint = await openEndpoint();
  expect((await post(BODY, SECRET)).status).toBe(401); // no secret known yet
  endpoint.trust(SECRET);
  expect((await post(BODY, SECRET)).status).toBe(204);
  expect((await post(BODY.replace('1}', '2}'), SECRET)).status).toBe(401);
  expect((await post(BODY, `whsec_${Buffer.alloc(24, 2).toString('base64')}`)).status).toBe(401);
});

it('an endpoint that was shut down comes back at the same address', async () => {
  endpoint = await openEndpoint();
  endpoint.trust(SECRET);
  await endpoint.shutDown();
  await expect(post(BODY, SECRET)).rejects.toThrow();
  await endpoint.start();
  expect((await post(BODY, SECRET)).status).toBe(204);
});
