import { hash } from 'node:crypto';
import {
  type DeliveryId,
  deliveryId,
  deliveryInput,
  type MessageId,
  type SubscriptionId,
} from '@anika/core/ids';

/** The one id that the delivery of this message to this subscription can have. */
export function deliveryIdOf(messageId: MessageId, subscriptionId: SubscriptionId): DeliveryId {
  return deliveryId(messageId, hash('sha256', deliveryInput(messageId, subscriptionId), 'buffer'));
}
