import { eventually } from '@anika/testkit/eventually';
import type { Fault } from '../fault.ts';
import { openPuller } from '../puller.ts';

const PULLERS = 4;
const PER_SECOND = 20;

export const PULL_FAULTS: readonly Fault[] = [
  {
    name: 'api-killed-during-pulls',
    area: 'crashes',
    isShort: true,
    about: 'the API is killed again and again while four pull, and acknowledge what they get',
    // What was given and not acknowledged at the kill comes again.
    repeats: 'allowed',
    settleSeconds: 120,
    async run(field) {
      const { hits, doubles } = await openPuller(field, PULLERS);
      const load = field.publisher.start(PER_SECOND);
      for (let kill = 1; kill <= (field.isShort ? 1 : 4); kill += 1) {
        const before = hits.length;
        const wanted = before + (field.isShort ? 20 : 30) + Math.floor(field.random() * 30);
        await eventually(() => hits.length >= wanted, { timeoutMs: 60_000 });
        await field.api().kill();
        await field.restartApi();
      }
      await load.stop();
      await field.settle(120);
      field.note(`${hits.length} were pulled`);
      field.require(doubles.length === 0, `${doubles.length} were given to two at once`);
    },
  },
  {
    name: 'redis-away-during-pulls',
    area: 'stores',
    about:
      'Redis is silent for ten seconds while four pull: nobody is woken, and everything comes all the same',
    repeats: 'never',
    async run(field) {
      const { hits, doubles } = await openPuller(field, PULLERS);
      const load = field.publisher.start(PER_SECOND);
      await eventually(() => hits.length >= 40, { timeoutMs: 40_000 });
      for (const link of field.linksTo('redis')) await link.set('silent');
      const before = hits.length;
      await field.wait(10_000);
      field.note(`${hits.length - before} were pulled meanwhile`);
      for (const link of field.linksTo('redis')) await link.set('pass');
      await load.stop();
      await field.settle(60);
      field.require(hits.length > before, 'nothing was pulled meanwhile');
      field.require(doubles.length === 0, `${doubles.length} were given to two at once`);
    },
  },
];
