import { eventually } from '@anika/testkit/eventually';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';

/** Ends the API at once and starts it again on the same port. */
async function killApi(field: Field): Promise<void> {
  await field.api().kill();
  await field.restartApi();
}

export async function killDispatcher(field: Field): Promise<void> {
  const [program] = field.dispatchers;
  if (program === undefined) throw new Error('no dispatcher to kill');
  // First: whoever kills another at the same time must find another.
  field.forget(program);
  await program.kill();
  await field.startDispatcher();
}

/** Asks one of the dispatchers to stop; resolves with how long that took. */
export async function stopDispatcher(field: Field): Promise<number> {
  const [leaving] = field.dispatchers;
  if (leaving === undefined) throw new Error('no dispatcher to stop');
  const startedAt = Date.now();
  const code = await leaving.stop();
  const tookMs = Date.now() - startedAt;
  field.forget(leaving);
  field.note(`ended with ${code} after ${tookMs} ms`);
  field.require(code === 0, `it ended with ${code}`);
  return tookMs;
}

export const slowAnswer =
  (ms: number, status = 204) =>
  () =>
    new Promise<{ status: number }>((resolve) => setTimeout(() => resolve({ status }), ms));

export const CRASHES: readonly Fault[] = [
  {
    name: 'api-killed-before-insert',
    area: 'crashes',
    about: 'the API is killed with messages on their way to MongoDB that never got there',
    repeats: 'never',
    async run(field) {
      await field.subscribe();
      await field.publisher.publish(50);
      await field.link('api', 'mongodb').set('silent');
      const publishing = field.publisher.publish(50);
      await field.wait(300);
      await field.api().kill();
      await field.link('api', 'mongodb').set('pass');
      await field.restartApi();
      await publishing;
    },
  },
  {
    name: 'api-killed-before-enqueue',
    area: 'crashes',
    isShort: true,
    about: 'the API is killed after its 202s and before a job is in Redis',
    repeats: 'never',
    async run(field) {
      await field.subscribe();
      await field.link('api', 'redis').set('silent');
      await field.publisher.publish(100);
      await killApiBehind(field);
      field.note(`${await field.stores.countDeliveries()} deliveries at the kill`);
    },
  },
  {
    name: 'api-killed-in-fan-out',
    area: 'crashes',
    about: 'the API is killed while it makes the deliveries of messages with 300 subscribers',
    repeats: 'never',
    async run(field) {
      await field.subscribeMany(300);
      const publishing = field.publisher.publish(20);
      await eventually(async () => (await field.stores.countDeliveries()) > 0, { everyMs: 1 });
      await killApi(field);
      await publishing;
    },
  },
  {
    name: 'api-killed-in-half-an-add-bulk',
    area: 'crashes',
    about: 'the API is killed when some of the jobs of one addBulk are in Redis and the others are not',
    repeats: 'never',
    async run(field) {
      await field.subscribeMany(300);
      await field.publisher.publish(1);
      await field.settle(30);
      // Dispatchers rest, so that what is in the queue can be counted.
      for (const { pid } of field.dispatchers) process.kill(pid, 'SIGSTOP');
      // All of them take some 390,000 bytes.
      const bytes = 20_000 + Math.floor(field.random() * 300_000);
      field.link('api', 'redis').silentAfter(bytes);
      await field.publisher.publish(1);
      await field.wait(500);
      const jobs = await field.stores.countJobs();
      field.note(`${jobs} of 300 jobs were in, after ${bytes} bytes`);
      field.require(jobs > 0 && jobs < 300, 'the addBulk was not half done');
      await killApiBehind(field);
      for (const { pid } of field.dispatchers) process.kill(pid, 'SIGCONT');
    },
  },
  {
    name: 'dispatcher-killed-before-post',
    area: 'crashes',
    about: 'the dispatcher is killed with jobs taken and nothing sent yet',
    repeats: 'never',
    async run(field) {
      const { endpoint } = await field.subscribe();
      await field.link('dispatcher', 'mongodb').set('silent');
      // Too long for their jobs: they are loaded before they are sent.
      await field.publisher.publish(50, { data: { text: 'x'.repeat(10_000) } });
      await field.wait(500);
      const early = endpoint.hits.length;
      field.require(early === 0, `${early} were sent before the kill`);
      const [program] = field.dispatchers;
      await program?.kill();
      if (program) field.forget(program);
      await field.link('dispatcher', 'mongodb').set('pass');
      await field.startDispatcher();
    },
  },
  {
    name: 'dispatcher-killed-during-post',
    area: 'crashes',
    about: 'the dispatcher is killed five times over the same delivery while its endpoint thinks',
    // The endpoint got it five times and answered none of them.
    repeats: 'never',
    settleSeconds: 120,
    async run(field) {
      const { endpoint } = await field.subscribe();
      endpoint.respondWith(() => 'hang');
      await field.publisher.publish(1);
      for (let kills = 1; kills <= 5; kills += 1) {
        await eventually(() => endpoint.hits.length >= kills, { timeoutMs: 40_000 });
        if (kills === 5) endpoint.respondWith(() => ({ status: 204 }));
        await killDispatcher(field);
      }
      await field.settle(60);
      const attempts = endpoint.hits.map((hit) => hit.attempt);
      field.note(`attempt numbers sent: ${attempts.join(' ')}`);
      field.require(
        attempts.every((attempt) => attempt === 1),
        `its crashes were counted as the endpoint's failures: attempts ${attempts.join(' ')}`,
      );
    },
  },
  {
    name: 'dispatcher-killed-after-post',
    area: 'crashes',
    isShort: true,
    about: 'the dispatcher is killed after the endpoint has taken the messages and before that is recorded',
    repeats: 'allowed',
    async run(field) {
      const { endpoint } = await field.subscribe();
      await field.publisher.publish(5);
      await field.settle(30);
      const before = endpoint.hits.length;
      endpoint.respondWith(async () => {
        await field.link('dispatcher', 'mongodb').set('silent');
        return { status: 204 };
      });
      await field.publisher.publish(30);
      await eventually(() => endpoint.hits.length > before, { timeoutMs: 20_000 });
      await field.wait(200);
      const [program] = field.dispatchers;
      await program?.kill();
      if (program) field.forget(program);
      endpoint.respondWith(() => ({ status: 204 }));
      await field.link('dispatcher', 'mongodb').set('pass');
      await field.startDispatcher();
    },
  },
  {
    name: 'dispatcher-stopped-past-its-lock',
    area: 'crashes',
    about: 'one of two dispatchers is stopped (SIGSTOP) for 25 s with jobs in hand and then continued',
    repeats: 'allowed',
    dispatchers: 2,
    async run(field) {
      const { endpoint } = await field.subscribe();
      endpoint.respondWith(slowAnswer(100));
      const load = field.publisher.start(40);
      await field.wait(2000);
      const pid = field.dispatchers[0]?.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      await field.wait(25_000);
      process.kill(pid, 'SIGCONT');
      await field.wait(2000);
      await load.stop();
    },
  },
  {
    name: 'sigterm-under-load',
    area: 'crashes',
    isShort: true,
    about: 'one of two dispatchers is asked to stop while it sends',
    repeats: 'never',
    dispatchers: 2,
    async run(field) {
      const { endpoint } = await field.subscribe();
      endpoint.respondWith(slowAnswer(50));
      const load = field.publisher.start(80);
      await eventually(() => endpoint.hits.length > 40, { timeoutMs: 20_000 });
      await stopDispatcher(field);
      await field.wait(1000);
      await load.stop();
    },
  },
  {
    name: 'rolling-restart',
    area: 'crashes',
    about: 'under load, each program in turn is asked to stop and started again',
    repeats: 'never',
    dispatchers: 2,
    async run(field) {
      const { endpoint } = await field.subscribe();
      endpoint.respondWith(slowAnswer(30));
      const load = field.publisher.start(50);
      await field.wait(1000);
      for (const program of [...field.dispatchers]) {
        await program.stop();
        field.forget(program);
        await field.startDispatcher();
      }
      await field.api().stop();
      await field.restartApi();
      await field.wait(1000);
      await load.stop();
    },
  },
  {
    name: 'poison-message',
    area: 'crashes',
    about: 'a message that kills whoever sends it, five times, in the midst of others',
    repeats: 'allowed',
    settleSeconds: 150,
    async run(field) {
      const { endpoint } = await field.subscribe();
      let kills = 0;
      const restarts: Promise<void>[] = [];
      endpoint.respondWith(({ body }) => {
        const isPoison = (body as { data: { poison?: boolean } }).data.poison === true;
        if (!isPoison || kills === 5) return { status: 204 };
        kills += 1;
        restarts.push(killDispatcher(field));
        return 'hang';
      });
      const load = field.publisher.start(20);
      await field.wait(500);
      await field.publisher.once(field.publisher.takeNumber(), { data: { poison: true } });
      await eventually(() => kills === 5, { timeoutMs: 120_000, everyMs: 100 });
      await Promise.all(restarts);
      await load.stop();
      field.note(`killed ${kills} times`);
    },
  },
];

/** As `killApi`, when the API stands behind a broken link to Redis. */
async function killApiBehind(field: Field): Promise<void> {
  await field.api().kill();
  await field.link('api', 'redis').set('pass');
  await field.restartApi();
}
