import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let programs: Program[];
let receiver: Receiver;
let scene: Awaited<ReturnType<typeof createScene>>;

const DAY_MS = 86_400_000;

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = { ANIKA_RETRY_SCHEDULE: '0s,1h' };
  programs = await Promise.all([
    startProgram('api', { databases }),
    startProgram('dispatcher', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
  ]);
  receiver = await startReceiver();
  scene = await createScene(programs[0]?.url ?? '');
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await receiver.close();
  await databases.drop();
});

function grantUntil(expiresAtMs: number) {
  const { client, owner, reader, topicId } = scene;
  return client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, {
    token: owner.token,
    body: { expiresAt: new Date(expiresAtMs).toISOString() },
  });
}

describe('the end of a grant', () => {
  it('is told a day before, once, signed, to the endpoint and in the log of both', async () => {
    const { client, owner, reader, topicId } = scene;
    const { secret } = await scene.subscribe(receiver);
    await grantUntil(Date.now() + DAY_MS + 700);
    const isNotice = ({ rawBody }: { rawBody: string }) => rawBody.includes('anika.grant.expiring');
    const [notice] = await receiver.waitFor(isNotice);
    const headers = notice?.headers as Record<string, string>;
    const verified = new Webhook(secret).verify(notice?.rawBody ?? '', headers);
    expect(verified).toMatchObject({ type: 'anika.grant.expiring', data: { topicId, daysLeft: 1 } });
    expect(receiver.received.filter(isNotice)).toHaveLength(1);
    for (const { token } of [owner, reader]) {
      const { body } = await client.call('GET', `/v1/audit?topicId=${topicId}&action=grant.expiring`, {
        token,
      });
      expect(body.items).toHaveLength(1);
    }
  });

  it('cancels soon what was queued for the reader, with the reason', async () => {
    const { client, owner, topicId } = scene;
    receiver.respondWith(() => ({ status: 500 }));
    const messageId = await scene.publish({ model: 'Лада Веста' });
    const delivery = async () => {
      const { body } = await client.call('GET', `/v1/messages/${messageId}/deliveries`, {
        token: owner.token,
      });
      return body.items[0];
    };
    await expect.poll(async () => (await delivery())?.state).toBe('retrying');
    const endsAtMs = Date.now() + 700;
    await grantUntil(endsAtMs);
    await expect.poll(async () => (await delivery())?.state).toBe('cancelled');
    expect(await delivery()).toMatchObject({ reason: 'grant-expired' });
    expect(Date.now() - endsAtMs).toBeLessThan(5000);
    const ends = async () => {
      const path = `/v1/audit?topicId=${topicId}&action=grant.expired`;
      return (await client.call('GET', path, { token: owner.token })).body.items;
    };
    await expect.poll(ends).toHaveLength(1);
  });

  it('sends nothing of it again when the grant is renewed, until its owner says so', async () => {
    const { client, owner, reader, topicId } = scene;
    receiver.respondWith(() => ({ status: 204 }));
    const before = receiver.received.length;
    await grantUntil(Date.now() + 30 * DAY_MS);
    const later = await scene.publish({ model: 'Лада Гранта' });
    await receiver.waitFor(({ headers }) => headers['webhook-id'] === later);
    expect(receiver.received).toHaveLength(before + 1);
    const path = `/v1/topics/${topicId}/grants/${reader.id}/resend`;
    const resent = await client.call('POST', path, { token: owner.token, body: {} });
    expect(resent).toMatchObject({ status: 202, body: { resent: 1 } });
    await receiver.waitFor(before + 2);
    expect((await client.call('POST', path, { token: owner.token })).body).toEqual({ resent: 0 });
    expect((await client.call('POST', path, { token: reader.token })).status).toBe(403);
  });
});
