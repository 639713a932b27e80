import type { SubscriptionId } from '@anika/core/ids';
import type { EndpointNames } from '@anika/stores/postgres/endpoint-names';

type Names = (ids: readonly SubscriptionId[]) => Promise<ReadonlyMap<SubscriptionId, EndpointNames>>;

/** Of a job in Bull Board: topic, reader and host. */
export function titleOf({ topicName, partnerName, host }: EndpointNames): string {
  return `${topicName} → ${partnerName}${host === undefined ? '' : ` · ${host}`}`;
}

export function createEndpointTitles(names: Names) {
  return async (ids: readonly SubscriptionId[]): Promise<ReadonlyMap<SubscriptionId, string>> =>
    new Map([...(await names(ids))].map(([id, one]) => [id, titleOf(one)]));
}
