import { openEndpoints } from '@anika/broker/open-stores';
import { createTargets } from '@anika/broker/targets';
import type { SubscriptionId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import { createBatcher } from '@anika/runtime/batcher';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

const LOADS = { maxItems: 200, maxInFlight: 2 } as const;

export type Outbound = ReturnType<typeof openOutbound>;

/** Loads that are asked for together go together. */
export function grouped<K, V>(load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {
  return createBatcher<K, V | undefined>(async (keys) => {
    const found = await load(keys);
    return keys.map((key) => found.get(key));
  }, LOADS).add;
}

/** Endpoints, and what is known of each. */
export function openOutbound(config: DispatcherConfig, infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { clock, routing, changes } = infrastructure;
  const { endpoints, newEventId } = openEndpoints(config, infrastructure, lifecycle);
  const targets = createTargets({
    load: grouped<SubscriptionId, Target>((ids) => routing.loadTargets(ids, clock.now())),
    prepare: endpoints.prepare,
  });
  changes.onChange(targets.forget);
  return { findTarget: targets.get, send: endpoints.send, newEventId };
}
