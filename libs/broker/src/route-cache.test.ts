import type { TopicId } from '@anika/core/ids';
import type { Route } from '@anika/core/route';
import { expect, it } from 'vitest';
import { createRouteCache } from './route-cache.ts';

const TOPIC = 'top_1' as TopicId;
const ROUTE = {
  topic: { id: TOPIC, routingVersion: 1 },
  grants: new Map(),
  subscriptions: [],
  suspendedPartners: new Set(),
} as unknown as Route;

function cache() {
  const loads: TopicId[] = [];
  const routes = createRouteCache({
    loadRoute: async (id) => {
      loads.push(id);
      return ROUTE;
    },
    routingVersions: async () => new Map([[TOPIC, 1]]),
    clock: { now: () => 0 },
  });
  return { ...routes, loads };
}

it('a change of a topic is loaded anew, also when it came while the route was being loaded', async () => {
  const { get, forget, loads } = cache();
  const loading = get(TOPIC);
  forget({ kind: 'topic', id: TOPIC });
  await loading;
  await get(TOPIC);
  expect(loads).toHaveLength(2);
  await get(TOPIC);
  expect(loads).toHaveLength(2);
});

it('a change of a user, key or subscription leaves the routes as they are', async () => {
  const { get, forget, loads } = cache();
  const loading = get(TOPIC);
  forget({ kind: 'user', id: 'usr_1' });
  forget({ kind: 'key', id: 'key_1' });
  forget({ kind: 'subscription', id: 'sub_1' });
  await loading;
  await get(TOPIC);
  expect(loads).toHaveLength(1);
});
