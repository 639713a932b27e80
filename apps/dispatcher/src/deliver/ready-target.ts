import type { ReadyTarget as ReadyFor } from '@anika/broker/targets';
import type { WebhookTarget } from '@anika/destinations/webhook/webhook';

/** What dispatchers send to. */
export type ReadyTarget = ReadyFor<WebhookTarget>;
