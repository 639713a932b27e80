import { eventually } from '@anika/testkit/eventually';
import { Redis } from 'ioredis';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { STORES } from '../ground.ts';
import { pick } from '../random.ts';

const LOAD_PER_SECOND = 30;
const FAILING = 0.05;
/** A program that finds a store away ends; what looks after it starts it again. */
const STARTED_WITHIN_MS = 150_000;

type Blow = readonly [name: string, strike: (field: Field) => Promise<void>];

async function untilStarted(start: () => Promise<unknown>): Promise<void> {
  const isStarted = () => start().then(() => true);
  await eventually(isStarted, { timeoutMs: STARTED_WITHIN_MS });
}

async function replaceDispatcher(field: Field, how: 'kill' | 'stop'): Promise<void> {
  const program = pick(field.random, field.dispatchers);
  if (how === 'kill') await program.kill();
  else await program.stop();
  field.forget(program);
  await untilStarted(field.startDispatcher);
}

async function pause(field: Field, seconds: number): Promise<void> {
  const { pid } = pick(field.random, field.dispatchers);
  process.kill(pid, 'SIGSTOP');
  await field.wait(seconds * 1000);
  process.kill(pid, 'SIGCONT');
}

async function flush(field: Field): Promise<void> {
  const redis = new Redis(field.ground.urls.redisUrl, { maxRetriesPerRequest: 3 });
  redis.on('error', () => undefined);
  await redis.flushall().finally(() => redis.disconnect());
}

async function disturb(field: Field, mode: 'silent' | 'no-answers' | 'slow' | 'refuse'): Promise<void> {
  const link = field.link(pick(field.random, ['api', 'dispatcher']), pick(field.random, STORES));
  await link.set(mode);
  await field.wait(2000 + field.random() * 6000);
  await link.set('pass');
}

const BLOWS: readonly Blow[] = [
  [
    'api killed',
    async (field) => {
      await field.api().kill();
      await untilStarted(field.restartApi);
    },
  ],
  [
    'api restarted',
    async (field) => {
      await field.api().stop();
      await untilStarted(field.restartApi);
    },
  ],
  ['dispatcher killed', (field) => replaceDispatcher(field, 'kill')],
  ['dispatcher restarted', (field) => replaceDispatcher(field, 'stop')],
  ['dispatcher stopped', (field) => pause(field, 3 + field.random() * 12)],
  ['redis emptied', flush],
  ['redis killed', async (field) => field.ground.signal('redis', 'SIGKILL')],
  ['mongodb killed', async (field) => field.ground.signal('mongodb', 'SIGKILL')],
  ['postgres killed', async (field) => field.ground.signal('postgres', 'SIGKILL')],
  ['link silent', (field) => disturb(field, 'silent')],
  ['answers lost', (field) => disturb(field, 'no-answers')],
  ['link slow', (field) => disturb(field, 'slow')],
  ['link refused', (field) => disturb(field, 'refuse')],
];

/** So many minutes of load with a random blow every few seconds. */
export function soak(minutes: number): Fault {
  return {
    name: 'soak',
    area: 'soak',
    isLong: true,
    about: `${minutes} minutes of load and, every 5 to 15 s, a random one of ${BLOWS.length} blows`,
    repeats: 'allowed',
    ends: ['delivered', 'dead'],
    dispatchers: 2,
    settleSeconds: 180,
    async run(field) {
      const subscribed = [await field.subscribe(), await field.subscribe({ maxConcurrency: 4 })];
      for (const { endpoint } of subscribed) {
        endpoint.respondWith(() => ({ status: field.random() < FAILING ? 500 : 204 }));
      }
      const struck = new Map<string, number>();
      const load = field.publisher.start(LOAD_PER_SECOND);
      const end = Date.now() + minutes * 60_000;
      while (Date.now() < end) {
        const [name, strike] = pick(field.random, BLOWS);
        struck.set(name, (struck.get(name) ?? 0) + 1);
        await strike(field);
        await field.wait(5000 + field.random() * 10_000);
      }
      await load.stop();
      field.note([...struck].map(([name, count]) => `${name} × ${count}`).join(', '));
    },
  };
}
