import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import { notFound } from '@anika/core/failures';
import type { DeliveryId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import { existing } from '../http/path-id.ts';

export type OwnDelivery = ReturnType<typeof createOwnDelivery>;

/** A delivery to an endpoint of the caller's company; another's is not there. */
export function createOwnDelivery({ find }: Pick<DeliveryStore, 'find'>) {
  return async (id: DeliveryId, by: PartnerCaller): Promise<Delivery> => {
    const delivery = existing(await find(id), 'dlv');
    if (delivery.partnerId !== by.partnerId) throw notFound('delivery');
    return delivery;
  };
}
