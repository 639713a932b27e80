import type { Delivery } from '@anika/core/delivery/delivery';
import type { Message } from '@anika/core/message';
import type { DestinationEvent } from '@anika/destinations/destination';
import type { ReadyTarget } from './targets.ts';

type Seen = Pick<ReadyTarget<unknown>, 'target' | 'mask'>;

/** A message as one attempt of a delivery tells of it: what its reader may see, and no more. */
export function eventOf(
  { id }: Pick<Delivery, 'id'>,
  { target: { topic }, mask: granted }: Seen,
  { message, attempt }: { readonly message: Message; readonly attempt: number },
): DestinationEvent {
  // What ANIKA itself says of a message that was recalled, no mask hides.
  const mask = message.isNotice ? undefined : granted;
  return {
    id: message.id,
    type: message.type,
    timestampMs: message.acceptedAtMs,
    dataText: mask === undefined ? message.dataText : mask.applyText(message.dataText),
    key: mask === undefined || mask.showsKey ? message.key : undefined,
    topic: { id: topic.id, name: topic.name },
    publisher: { id: topic.ownerId, name: topic.ownerName },
    delivery: { id, attempt },
  };
}
