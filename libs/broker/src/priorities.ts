import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { DeliveryId } from '@anika/core/ids';
import type { Cause, QueueOrder } from './queue-order.ts';

/** So many deliveries of a message to one reader are its owner's doing; that the reader has more subscriptions is its own. */
const OWNERS_PART = 4;

/**
 * The priority of each of these deliveries' jobs. They count together for whoever brings them about: no reader makes a
 * flood of what another company publishes, and no owner one of what its reader publishes.
 */
export function prioritiesOf(
  deliveries: readonly NewDelivery[],
  { priorityOf }: Pick<QueueOrder, 'priorityOf'>,
): ReadonlyMap<DeliveryId, number> {
  const caused = new Map<Cause, DeliveryId[]>();
  const ofReader = new Map<string, number>();
  for (const { id, messageId, ownerId, partnerId } of deliveries) {
    const reader = `${messageId} ${partnerId}`;
    const n = (ofReader.get(reader) ?? 0) + 1;
    ofReader.set(reader, n);
    const isOwners = n <= OWNERS_PART || partnerId === ownerId;
    const by = isOwners ? ownerId : (`reader ${partnerId}` as const);
    const ids = caused.get(by);
    if (ids === undefined) caused.set(by, [id]);
    else ids.push(id);
  }
  const priorities = new Map<DeliveryId, number>();
  for (const [by, ids] of caused) {
    const priority = priorityOf(by, ids.length);
    for (const id of ids) priorities.set(id, priority);
  }
  return priorities;
}
