import { createServer } from 'node:http';
import { createBatcher } from '@anika/runtime/batcher';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';

/**
 * The publishing half of the bare pipeline: what any broker on these servers has to do for a message, and no
 * more. insertMany, answer, addBulk; no authentication, no validation, no permissions.
 */
const {
  MONGODB_URL = '',
  REDIS_URL = '',
  BENCH_PREFIX = 'bare',
  BENCH_SUBSCRIBERS = '1',
  PORT = '0',
} = process.env;
const mongo = new MongoClient(MONGODB_URL);
const messages = mongo.db().collection<{ _id: string; body: string; at: Date }>('bare_messages');
const deliveries = mongo
  .db()
  .collection<{ _id: string; messageId: string; state: string }>('bare_deliveries');
const queue = new Queue('bare', { connection: new Redis(REDIS_URL), prefix: BENCH_PREFIX });
const subscribers = Number(BENCH_SUBSCRIBERS);
let count = 0;

const store = createBatcher<{ _id: string; body: string; at: Date }, void>(
  async (batch) => {
    await messages.insertMany([...batch], { ordered: false, writeConcern: { w: 'majority', j: true } });
    return batch.map(() => undefined);
  },
  { maxItems: 200, maxInFlight: 2 },
);
const enqueue = createBatcher<{ id: string; body: string }, void>(
  async (batch) => {
    const all = batch.flatMap(({ id, body }) =>
      Array.from({ length: subscribers }, (_, n) => ({ id: `${id}-${n}`, messageId: id, body })),
    );
    await deliveries.insertMany(
      all.map(({ id, messageId }) => ({ _id: id, messageId, state: 'pending' })),
      { ordered: false },
    );
    await queue.addBulk(
      all.map(({ id, body }) => ({
        name: 'd',
        data: { id, body },
        opts: { jobId: id, removeOnComplete: true, removeOnFail: true },
      })),
    );
    return batch.map(() => undefined);
  },
  { maxItems: 200, maxInFlight: 2 },
);

createServer((req, res) => {
  let body = '';
  req.setEncoding('utf8');
  req.on('data', (chunk: string) => {
    body += chunk;
  });
  req.on('end', () => {
    JSON.parse(body);
    count += 1;
    const id = `m-${process.pid}-${count}`;
    store.add({ _id: id, body, at: new Date() }).then(
      () => {
        res.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ id }));
        void enqueue.add({ id, body });
      },
      () => res.writeHead(503).end(),
    );
  });
}).listen(Number(PORT), '127.0.0.1', () => process.send?.('ready'));
