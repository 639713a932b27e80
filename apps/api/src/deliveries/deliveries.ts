import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { MessageId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { DeliveryList } from '@anika/stores/mongo/delivery-reads';
import { existing } from '../http/path-id.ts';
import type { ReadMessage } from '../messages/readable-messages.ts';
import type { ListOwnDeliveries } from './list-own-deliveries.ts';
import type { ListTopicDeliveries } from './list-topic-deliveries.ts';
import { createMayStart, type MayStartNeeds } from './may-start.ts';
import { createOwnDelivery } from './own-delivery.ts';
import { createReadDelivery } from './read-delivery.ts';
import { createRedriveSubscription, type RedriveNeeds } from './redrive-subscription.ts';
import { createStartOneAgain, type StartOneAgainNeeds } from './start-one-again.ts';

export type DeliveryNeeds = MayStartNeeds &
  Omit<StartOneAgainNeeds, 'own' | 'mayStart' | 'restart'> &
  Omit<RedriveNeeds, 'mayStart' | 'redrive'> & {
    readonly store: Pick<DeliveryStore, 'list' | 'find' | 'retry' | 'redrive'>;
    readonly readMessage: ReadMessage;
    readonly listOwn: ListOwnDeliveries;
    readonly listOfTopic: ListTopicDeliveries;
  };

export type Deliveries = ReturnType<typeof createDeliveries>;

/** What became of messages, for the companies on both sides of them. */
export function createDeliveries(needs: DeliveryNeeds) {
  const { store } = needs;
  const own = createOwnDelivery(store);
  const mayStart = createMayStart(needs);

  return {
    get: createReadDelivery(store),

    list: needs.listOwn,
    listOfTopic: needs.listOfTopic,

    /** All deliveries of a message for its owner, the own ones for a reader. */
    async listOfMessage(
      messageId: MessageId,
      page: Pick<DeliveryList, 'after' | 'limit'>,
      by: PartnerCaller,
    ): Promise<Delivery[]> {
      const message = existing(await needs.readMessage(messageId, by), 'msg');
      return store.list({ ...page, messageId, ...(!message.isOwner && { partnerId: by.partnerId }) });
    },

    ...createStartOneAgain({ ...needs, own, mayStart, restart: store.retry }),
    redrive: createRedriveSubscription({ ...needs, mayStart, redrive: store.redrive }),
  };
}
