import type { Fault } from '../fault.ts';
import type { App } from '../field.ts';
import { STORES, type Store } from '../ground.ts';

const LOAD_PER_SECOND = 40;

const resets = (app: App, store: Store): Fault => ({
  name: `resets-${app}-${store}`,
  area: 'network',
  about: `the connections between ${app} and ${store} are reset every 300 ms for 5 s`,
  repeats: 'allowed',
  async run(field) {
    await field.subscribe();
    const load = field.publisher.start(LOAD_PER_SECOND);
    for (let resetsDone = 0; resetsDone < 16; resetsDone += 1) {
      field.link(app, store).reset();
      await field.wait(300);
    }
    await load.stop();
  },
});

const halfOpen = (app: App, store: Store): Fault => ({
  name: `half-open-${app}-${store}`,
  area: 'network',
  about: `for 8 s the connections between ${app} and ${store} stay open and carry nothing`,
  repeats: 'allowed',
  async run(field) {
    await field.subscribe();
    const load = field.publisher.start(LOAD_PER_SECOND);
    await field.wait(1000);
    await field.link(app, store).set('silent');
    await field.wait(8000);
    await field.link(app, store).set('pass');
    await field.wait(1000);
    await load.stop();
    const { acceptedMs, refusedMs } = field.publisher.slowest;
    field.note(`slowest 202 ${Math.round(acceptedMs)} ms, slowest refusal ${Math.round(refusedMs)} ms`);
  },
});

const APPS: readonly App[] = ['api', 'dispatcher'];

export const NETWORK_FAULTS: readonly Fault[] = APPS.flatMap((app) =>
  STORES.flatMap((store) => [resets(app, store), halfOpen(app, store)]),
);
