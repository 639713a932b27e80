import { eventually } from '@anika/testkit/eventually';
import { type Link, openLink, throughLink } from '@anika/testkit/link';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectMongo } from './client.ts';
import { createRenewedClient } from './renewed-client.ts';
import { openTestMongo, type TestMongo } from './test-mongo.ts';

const TICK_MS = 400;

let test: TestMongo;
let link: Link;
let url: string;

beforeEach(async () => {
  test = await openTestMongo();
  const target = new URL(test.mongodbUrl);
  link = await openLink({ host: target.hostname, port: Number(target.port) });
  url = throughLink(test.mongodbUrl, link);
});

afterEach(async () => {
  await link.close();
  await test.close();
});

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * All connections are closed while an operation is under way and the driver's heartbeat is between two checks,
 * which is how the driver's monitor is lost.
 */
async function closeUnder(work: () => Promise<unknown>): Promise<void> {
  await work();
  await wait(700);
  await link.set('no-answers');
  const outcome = work().catch(() => undefined);
  await wait(50);
  link.end();
  await link.set('pass');
  await outcome;
}

/** Is repeated by the driver when its connection is lost, for which the driver then looks for the server. */
const read = async (client: MongoClient) => void (await client.db().collection('any').findOne({}));

describe('connectMongo()', () => {
  it('answers again after all connections were closed under an operation, five times', async () => {
    for (let round = 0; round < 5; round += 1) {
      const mongo = connectMongo({ url });
      const readOne = async () => void (await mongo.messages.findOne({}));
      await closeUnder(readOne);
      await eventually(() => readOne().then(() => true), { timeoutMs: 4000 });
      await mongo.close();
    }
  });
});

describe('createRenewedClient()', () => {
  /** With the driver's own least time between two heartbeats, under which it can lose them. */
  function open(options: MongoClientOptions = {}) {
    return {
      client: new MongoClient(url, {
        serverSelectionTimeoutMS: 500,
        connectTimeoutMS: 1000,
        heartbeatFrequencyMS: 1000,
        waitQueueTimeoutMS: 500,
        ...options,
      }),
    };
  }

  it('replaces a client whose heartbeat was lost', async () => {
    const renewed = createRenewedClient(open, { tickMs: TICK_MS });
    const first = renewed.current().client;
    await closeUnder(() => read(first));
    await expect(read(first)).rejects.toThrow('closed');
    await eventually(() => renewed.current().client !== first);
    await read(renewed.current().client);
    await renewed.close();
  });

  it('waits with that until the server is back', async () => {
    const renewed = createRenewedClient(open, { tickMs: TICK_MS });
    const first = renewed.current().client;
    await closeUnder(() => read(first));
    await link.set('refuse');
    await wait(10 * TICK_MS);
    expect(renewed.current().client).toBe(first);
    await link.set('pass');
    await eventually(() => read(renewed.current().client).then(() => true));
    expect(renewed.current().client).not.toBe(first);
    await renewed.close();
  });

  it('replaces a client whose connections are held by operations that never end', async () => {
    const held = { maxPoolSize: 1, socketTimeoutMS: 300, connectTimeoutMS: 5000 };
    const renewed = createRenewedClient(() => open(held), { tickMs: TICK_MS });
    const first = renewed.current().client;
    await read(first);
    await link.set('stalled');
    const large = [1, 2, 3].map(() => ({ text: 'x'.repeat(15_000_000) }));
    let ended = false;
    void first
      .db()
      .collection<{ text: string }>('large')
      .insertMany(large)
      .catch(() => undefined)
      .finally(() => {
        ended = true;
      });
    await wait(1000);
    await link.set('pass');
    const failure = () => read(first).then(String, String);
    await eventually(async () => (await failure()).includes('Timed out while checking out a connection'));
    expect(ended).toBe(false);
    await eventually(() => renewed.current().client !== first);
    await read(renewed.current().client);
    await renewed.close();
  });

  it('leaves a client alone that works, and one whose server is away for long', async () => {
    const renewed = createRenewedClient(open, { tickMs: TICK_MS });
    const first = renewed.current().client;
    await read(first);
    await wait(10 * TICK_MS);
    await link.set('refuse');
    await wait(10 * TICK_MS);
    await link.set('pass');
    await eventually(() => read(first).then(() => true));
    expect(renewed.current().client).toBe(first);
    await renewed.close();
  });
});
