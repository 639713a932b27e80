import { openFirstFanOut } from '@anika/broker/open-first-fan-out';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { composeStorePulled } from './deps-pulls.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createStartFanOut } from './messages/start-fan-out.ts';

/** Of a message that was accepted a moment ago. */
export function composeFanOut(infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const storePulled = composeStorePulled(infrastructure, lifecycle);
  const { fanOut, isFlood } = openFirstFanOut(infrastructure, storePulled, lifecycle);
  const { start, drain } = createStartFanOut({ fanOut, isFlood, logger: infrastructure.logger });
  lifecycle.onClose('fan-out', drain);
  return start;
}
