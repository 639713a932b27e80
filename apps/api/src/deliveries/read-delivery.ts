import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import { notFound } from '@anika/core/failures';
import type { DeliveryId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import { existing } from '../http/path-id.ts';

export type ReadDelivery = ReturnType<typeof createReadDelivery>;

/** `isOwn`: to an endpoint of the caller's company; otherwise of a message of a topic of its. */
export type SeenDelivery = { readonly delivery: Delivery; readonly isOwn: boolean };

/** A delivery is there for the companies on its two sides. */
export function createReadDelivery({ find }: Pick<DeliveryStore, 'find'>) {
  return async (id: DeliveryId, by: PartnerCaller): Promise<SeenDelivery> => {
    const delivery = existing(await find(id), 'dlv');
    const isOwn = delivery.partnerId === by.partnerId;
    if (!isOwn && delivery.ownerId !== by.partnerId) throw notFound('delivery');
    return { delivery, isOwn };
  };
}
