import { openEndpoints } from '@anika/broker/open-stores';
import { createTargets } from '@anika/broker/targets';
import type { SubscriptionId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import { groupedLoad } from '@anika/runtime/grouped';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

export type Outbound = ReturnType<typeof openOutbound>;

/** Endpoints, and what is known of each. */
export function openOutbound(config: DispatcherConfig, infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { clock, routing, changes } = infrastructure;
  const { endpoints, newEventId } = openEndpoints(config, infrastructure, lifecycle);
  const targets = createTargets({
    load: groupedLoad<SubscriptionId, Target>((ids) => routing.loadTargets(ids, clock.now())),
    prepare: endpoints.prepare,
  });
  changes.onChange(targets.forget);
  return { findTarget: targets.get, send: endpoints.send, newEventId };
}
