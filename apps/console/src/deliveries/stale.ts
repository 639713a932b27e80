import { getDelivery, listDeliveries, listMessageDeliveries } from '@anika/contracts/deliveries';
import { deliveryReceipt } from '@anika/contracts/receipts';
import { OF_SUBSCRIPTIONS } from '../subscriptions/stale.ts';

/** What is another answer when deliveries start again; subscriptions count their dead letters. */
export const OF_DELIVERIES = [
  getDelivery,
  listDeliveries,
  listMessageDeliveries,
  deliveryReceipt,
  ...OF_SUBSCRIPTIONS,
];
