import { pathId } from '../http/path-id.ts';
import type { FoundJob, LookUp } from './look-up.ts';
import { deliveryView, messageView } from './views.ts';

/** What the operators' pages show of a thing whose id stands in their address. */
export function createShow(lookUp: LookUp, jobUrl: (job: FoundJob) => string) {
  return {
    deliveries: async (id: string) => deliveryView(await lookUp.delivery(pathId('dlv', id)), jobUrl),
    messages: async (id: string) => messageView(await lookUp.message(pathId('msg', id))),
  };
}
