import { eventually } from '@anika/testkit/eventually';
import { type Link, openLink, throughLink } from '@anika/testkit/link';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { connectMongo, type Mongo } from './client.ts';
import { openTestMongo, type TestMongo } from './test-mongo.ts';

const ROUNDS = 5;

let test: TestMongo;
let link: Link;

beforeEach(async () => {
  test = await openTestMongo();
  const target = new URL(test.mongodbUrl);
  link = await openLink({ host: target.hostname, port: Number(target.port) });
});

afterEach(async () => {
  await link.close();
  await test.close();
});

const read = (mongo: Mongo) => mongo.messages.findOne({});
const write = (mongo: Mongo) =>
  mongo.db
    .collection('large')
    .insertMany(Array.from({ length: 12 }, () => ({ text: 'x'.repeat(1_000_000) })));

describe('connectMongo()', () => {
  it.each([
    ['a read whose answer is lost', 'no-answers', read],
    ['a large write that stalls', 'stalled', write],
  ] as const)(
    'answers again after all connections were closed under %s, and leaves nothing hanging',
    async (_, mode, work) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const mongo = connectMongo({ url: throughLink(test.mongodbUrl, link) });
        await read(mongo);
        await link.set(mode);
        let hasEnded = false;
        const end = () => {
          hasEnded = true;
        };
        work(mongo).then(end, end);
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate); // it is on its way
        link.end();
        await link.set('pass');
        await eventually(() => read(mongo).then(() => true));
        await eventually(() => hasEnded);
        await mongo.close();
      }
    },
  );
});
