import type { Calls } from './call.ts';
import { ACCOUNT_CALLS } from './calls-of-accounts.ts';
import { MESSAGE_CALLS } from './calls-of-messages.ts';
import { SUBSCRIPTION_CALLS } from './calls-of-subscriptions.ts';
import { TOPIC_CALLS } from './calls-of-topics.ts';

/** For each route there is. */
export const CALLS: Calls = { ...ACCOUNT_CALLS, ...TOPIC_CALLS, ...SUBSCRIPTION_CALLS, ...MESSAGE_CALLS };
