import { openFirstFanOut } from '@anika/broker/open-first-fan-out';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createStartFanOut } from './messages/start-fan-out.ts';
import { createStorePulled } from './pulls/store-pulled.ts';

/** Of a message that was accepted a moment ago. */
export function composeFanOut(
  config: Pick<ApiConfig, 'ANIKA_DEFER_ABOVE'>,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
) {
  const pulled = createStorePulled(infrastructure.deliveries.insert);
  lifecycle.onClose('deliveries to be pulled', pulled.drain);
  const { fanOut, isFlood } = openFirstFanOut(
    infrastructure,
    { storePulled: pulled.store, deferAbove: config.ANIKA_DEFER_ABOVE },
    lifecycle,
  );
  const { start, drain } = createStartFanOut({ fanOut, isFlood, logger: infrastructure.logger });
  lifecycle.onClose('fan-out', drain);
  return start;
}
