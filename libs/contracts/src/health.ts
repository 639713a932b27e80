import { COUNTED_MAX, HEALTH_STATES } from '@anika/core/subscription/health';
import { z } from 'zod';

const counted = z
  .object({ count: z.number().int().max(COUNTED_MAX), more: z.boolean() })
  .describe(`Counted up to ${COUNTED_MAX}; \`more\`: there are more than that`);

/** How a subscription does, for its own company. */
export const health = z
  .object({
    state: z
      .enum(HEALTH_STATES)
      .describe(
        '`unverified`, `paused`, `disabled`: nothing is sent; `failing`: the last attempt has failed, and none has succeeded since `failingSince`; `lagging`: something waits longer than 30 s for its first attempt; `healthy`; `idle`: nothing of what is kept was delivered',
      ),
    failingSince: z.string().nullable(),
    willBeDisabledAt: z.string().nullable().describe('Unless an attempt succeeds before'),
    lastDeliveredAt: z
      .string()
      .nullable()
      .describe(
        'When the newest message that was delivered was; looked for among the newest 1,000 deliveries and the 1,000 before what waits longest',
      ),
    oldestPendingAt: z
      .string()
      .nullable()
      .describe('When the message was accepted that waits longest for its first attempt'),
    open: counted,
    held: counted,
    dead: counted,
  })
  .meta({ id: 'Health' });
