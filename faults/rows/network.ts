import type { Link } from '@anika/testkit/link';
import type { Fault } from '../fault.ts';
import type { App, Field } from '../field.ts';
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

/** Far enough apart for what is done at intervals to be idle again, as it is when a server stops. */
const closes = (app: App, store: Store): Fault => ({
  name: `closes-${app}-${store}`,
  area: 'network',
  about: `the connections between ${app} and ${store} are all closed at once, every 1.3 s for 8 s`,
  repeats: 'allowed',
  async run(field) {
    await field.subscribe();
    const load = field.publisher.start(LOAD_PER_SECOND);
    for (let closed = 0; closed < 6; closed += 1) {
      await field.wait(1300);
      field.link(app, store).end();
    }
    await field.wait(300);
    await load.stop();
  },
});

/** Under load, a link is silent or slow for some seconds. */
async function disturbed(field: Field, link: Link, how: 'silent' | 'slow', seconds: number): Promise<void> {
  await field.subscribe();
  const load = field.publisher.start(LOAD_PER_SECOND);
  await field.wait(1000);
  await link.set(how);
  await field.wait(seconds * 1000);
  await link.set('pass');
  await field.wait(1000);
  await load.stop();
}

const halfOpen = (app: App, store: Store): Fault => ({
  name: `half-open-${app}-${store}`,
  area: 'network',
  about: `for 8 s the connections between ${app} and ${store} stay open and carry nothing`,
  repeats: 'allowed',
  run: (field) => disturbed(field, field.link(app, store), 'silent', 8),
});

const slow = (app: App, store: Store): Fault => ({
  name: `slow-${app}-${store}`,
  area: 'network',
  about: `for 6 s every answer of ${store} to ${app} comes 150 ms late`,
  repeats: 'allowed',
  run: (field) => disturbed(field, field.link(app, store), 'slow', 6),
});

const APPS: readonly App[] = ['api', 'dispatcher'];

export const NETWORK_FAULTS: readonly Fault[] = APPS.flatMap((app) =>
  STORES.flatMap((store) => [resets(app, store), closes(app, store), halfOpen(app, store), slow(app, store)]),
);
