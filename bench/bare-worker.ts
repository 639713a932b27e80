import { createBatcher } from '@anika/runtime/batcher';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { Agent } from 'undici';

/** The delivering half of the bare pipeline: take a job, POST, bulkWrite the outcome. */
const { MONGODB_URL = '', REDIS_URL = '', BENCH_PREFIX = 'bare', BENCH_ENDPOINT = '' } = process.env;
const mongo = new MongoClient(MONGODB_URL);
const deliveries = mongo.db().collection<{ _id: string; state: string }>('bare_deliveries');
const endpoint = new URL(BENCH_ENDPOINT);
const agent = new Agent({ connections: 256, pipelining: 1 });

const record = createBatcher<string, void>(
  async (ids) => {
    await deliveries.bulkWrite(
      ids.map((_id) => ({
        updateOne: { filter: { _id }, update: { $set: { state: 'delivered', at: new Date() } } },
      })),
      { ordered: false, writeConcern: { w: 'majority', j: true } },
    );
    return ids.map(() => undefined);
  },
  { maxItems: 200, maxInFlight: 2 },
);

const worker = new Worker<{ id: string; body: string }>(
  'bare',
  async ({ data }) => {
    const { body } = await agent.request({
      origin: endpoint.origin,
      path: endpoint.pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: data.body,
    });
    await body.dump();
    await record.add(data.id);
  },
  {
    connection: new Redis(REDIS_URL, { maxRetriesPerRequest: null }),
    prefix: BENCH_PREFIX,
    concurrency: 256,
  },
);
worker.on('error', (error) => console.error(error));
await worker.waitUntilReady();
process.send?.('ready');
