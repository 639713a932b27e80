import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { DeliveryId } from '@anika/core/ids';
import { statusIn } from '@anika/testkit/delivery-records';
import { expect, it } from 'vitest';
import { createStartOneAgain } from './start-one-again.ts';

const ID = 'dlv_1' as DeliveryId;
const BY = {} as PartnerCaller;

it.each(['retry', 'resend'] as const)(
  '%s says that another was first, not that the state does not fit',
  async (verb) => {
    const state = verb === 'retry' ? 'dead' : 'delivered';
    const again = createStartOneAgain({
      own: async () => ({ id: ID, ...statusIn(state) }) as Delivery,
      mayStart: async () => undefined,
      isUnderWay: async () => false,
      restart: async () => undefined,
      recordResent: async () => undefined,
      queueAnew: async () => expect.unreachable(),
      clock: { now: () => 0 },
    });
    await expect(again[verb](ID, BY)).rejects.toMatchObject({
      code: 'conflict',
      message: `Cannot ${verb}: the delivery was ${state} and has changed just now; read it, it may be on its way again`,
    });
  },
);
