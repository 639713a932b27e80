import { getSubscription, listSubscriptions } from '@anika/contracts/subscriptions';

/** What is another answer when a subscription is changed. */
export const OF_SUBSCRIPTIONS = [getSubscription, listSubscriptions];
