import * as contract from '@anika/contracts/pulls';
import { partnerCaller } from '../http/check-access.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { createAckDeliveries } from './ack-deliveries.ts';
import type { createPullDeliveries } from './pull-deliveries.ts';

type Needs = {
  readonly pull: ReturnType<typeof createPullDeliveries>;
  readonly ack: ReturnType<typeof createAckDeliveries>;
  /** Whether the process is asked to stop: the connection is not to be used again. */
  readonly isStopping: () => boolean;
};

const NO_STORE = { 'Cache-Control': 'no-store' };
const DEFAULTS = { max: 10, waitSeconds: 0, leaseSeconds: 30 };

const inMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);

export function pullRoutes({ pull, ack, isStopping }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.pullDeliveries, async (request) => {
      const { params, body = DEFAULTS, caller, leaving, stillMay, reserve } = request;
      const { max, waitSeconds, leaseSeconds } = body;
      const command = {
        id: pathId('sub', params.id),
        max,
        waitMs: waitSeconds * 1000,
        leaseMs: leaseSeconds * 1000,
      };
      const by = partnerCaller(caller);
      const items = await pull(command, { by, leaving: leaving(), stillMay, reserve });
      const headers = isStopping() ? { ...NO_STORE, Connection: 'close' } : NO_STORE;
      return { bodyText: `{"items":[${items.join(',')}]}`, headers };
    }),
    bindRoute(contract.ackDeliveries, async ({ params, body: { items }, caller }) => {
      const acks = items.map(({ delaySeconds, leaseSeconds, ...item }) => ({
        ...item,
        delayMs: inMs(delaySeconds),
        leaseMs: inMs(leaseSeconds),
      }));
      const good = await ack(pathId('sub', params.id), acks, partnerCaller(caller));
      return {
        body: {
          items: items.map(({ deliveryId }, index) =>
            good[index] ? { deliveryId, status: 200 } : { deliveryId, status: 409, code: 'lease-lapsed' },
          ),
        },
      };
    }),
  ];
}
