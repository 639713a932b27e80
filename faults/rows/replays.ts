import { eventually } from '@anika/testkit/eventually';
import type { Fault } from '../fault.ts';
import type { Field, Subscribed } from '../field.ts';
import { killDispatcher } from './crashes.ts';

type Replay = {
  readonly id: string;
  readonly state: string;
  readonly matched: number;
  readonly started: number;
};

async function call(field: Field, method: string, path: string, body?: unknown): Promise<Replay> {
  const { client, reader } = field.scene;
  const answer = await client.call(method, path, { token: reader.token, body });
  if (answer.status < 300) return answer.body;
  throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

function startReplay(field: Field, { id }: Subscribed): Promise<Replay> {
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const wish = { from, only: 'missing', perSecond: 400 };
  return call(field, 'POST', `/v1/subscriptions/${id}/replays`, wish);
}

const lookAt = (field: Field, { id }: Replay) => call(field, 'GET', `/v1/replays/${id}`);

export const REPLAYS: readonly Fault[] = [
  {
    name: 'dispatchers-killed-during-replay',
    area: 'crashes',
    isShort: true,
    about: 'both dispatchers are killed again and again while they replay what was published before',
    repeats: 'allowed',
    dispatchers: 2,
    async run(field) {
      const count = field.isShort ? 200 : 2000;
      await field.publisher.publish(count);
      const subscribed = await field.subscribe();
      const { hits } = subscribed.endpoint;
      const replay = await startReplay(field, subscribed);
      const kills = field.isShort ? 1 : 6;
      for (let kill = 1; kill <= kills; kill += 1) {
        await eventually(() => hits.length >= (count * kill) / (kills + 1), {
          timeoutMs: 60_000,
          everyMs: 5,
        });
        await killDispatcher(field);
      }
      const done = await eventually(
        async () => {
          const now = await lookAt(field, replay);
          return now.state === 'done' ? now : undefined;
        },
        { timeoutMs: 120_000, everyMs: 200 },
      );
      field.note(`${done.matched} matched, ${done.started} started, ${hits.length} requests, ${kills} kills`);
      field.require(done.started === count, `${done.started} of ${count} were started`);
      field.require(done.matched === count, `${done.matched} of ${count} were matched`);
    },
  },
];
