import { traceIdOf } from '@anika/core/trace';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let api: Program;
let dispatcher: Program;

beforeAll(async () => {
  databases = await createTestDatabases();
  const level = { ANIKA_LOG_LEVEL: 'info' };
  const settings = { ...level, ANIKA_RETRY_SCHEDULE: '0s,200ms' };
  [api, dispatcher] = await Promise.all([
    startProgram('api', { databases, settings: level }),
    startProgram('dispatcher', { databases, settings }),
  ]);
});

afterAll(async () => {
  await Promise.all([api.stop(), dispatcher.stop()]);
  await databases.drop();
});

const line = z.looseObject({ msg: z.string(), requestId: z.string().optional() });

function linesOf(program: Program, requestId: string) {
  return program
    .output()
    .split('\n')
    .filter((text) => text.startsWith('{') && text.endsWith('}'))
    .map((text) => line.parse(JSON.parse(text)))
    .filter((one) => one.requestId === requestId);
}

const PUBLISHERS = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Small ones travel in the job, large ones are looked up, a second attempt always is. */
it.each([
  ['small', { price: 1_749_000 }],
  ['large', { text: 'x'.repeat(20_000) }],
])('the id of its request leads from a %s message to each of its attempts', async (size, data) => {
  const { client, owner, topicId, subscribe } = await createScene(api.url);
  const answers = [503, 204];
  const receiver = await startReceiver({ respond: () => ({ status: answers.shift() ?? 500 }) });
  const subscription = await subscribe(receiver);
  const requestId = `order-4711-${size}`;
  const publish = () =>
    client.call('POST', `/v1/topics/${topicId}/messages`, {
      token: owner.token,
      body: { type: 'car.chosen', data },
      headers: { 'X-Request-Id': requestId, 'Idempotency-Key': `key-${size}`, traceparent: PUBLISHERS },
    });
  const { status, body } = await publish();
  expect(status).toBe(202);
  await eventually(() => expect(linesOf(dispatcher, requestId)).toHaveLength(2));
  await publish();
  const traceId = traceIdOf(body.id);
  const about = { requestId, messageId: body.id, topicId, traceId };
  await eventually(() => expect(linesOf(api, requestId)).toHaveLength(2));
  expect(linesOf(api, requestId)).toMatchObject([
    {
      ...about,
      msg: 'message',
      level: 'info',
      outcome: 'stored',
      ownerId: owner.id,
      type: 'car.chosen',
      publisherTraceId: '0af7651916cd43dd8448eb211c80319c',
      publisherSpanId: 'b7ad6b7169203331',
    },
    { ...about, msg: 'message', level: 'info', outcome: 'replayed' },
  ]);
  const attempt = {
    ...about,
    msg: 'delivery',
    level: 'info',
    subscriptionId: subscription.id,
    attemptsMax: 2,
  };
  expect(linesOf(dispatcher, requestId)).toMatchObject([
    { ...attempt, outcome: 'retry', attempt: 1, status: 503, nextAttemptAt: expect.any(String) },
    { ...attempt, outcome: 'delivered', attempt: 2, status: 204, sinceAcceptedMs: expect.any(Number) },
  ]);
  // One trace, a span for each request: the same in the request, in its line and in its record.
  const sent = receiver.received
    .filter(({ headers }) => headers['anika-attempt'] !== undefined)
    .map(({ headers }) => String(headers.traceparent));
  const spans = linesOf(dispatcher, requestId).map(({ spanId }) => spanId);
  expect(sent).toEqual(spans.map((spanId) => `00-${traceId}-${spanId}-01`));
  expect(new Set(sent).size).toBe(2);
  const listed = await client.call('GET', `/v1/messages/${body.id}/deliveries`, { token: owner.token });
  const delivery = await client.call('GET', `/v1/deliveries/${listed.body.items[0].id}`, {
    token: owner.token,
  });
  expect(delivery.body.attempts.map((one: { traceparent: string }) => one.traceparent)).toEqual(sent);
  expect(JSON.stringify(receiver.received)).not.toContain('0af7651916cd43dd');
  for (const { output } of [api, dispatcher]) expect(output()).not.toMatch(/1749000|x{100}/);
  await receiver.close();
});
