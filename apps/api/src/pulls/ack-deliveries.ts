import type { Ending, EndLeases } from '@anika/broker/end-leases';
import type { PartnerCaller } from '@anika/core/access';
import type { Delivery, Lease } from '@anika/core/delivery/delivery';
import { type AckOutcome, isLive } from '@anika/core/delivery/lease';
import { type DeliveryId, isId, type SubscriptionId } from '@anika/core/ids';
import type { Extension, PullStore } from '@anika/stores/mongo/pulls';
import type { OwnPull } from './own-pull.ts';

/** What a puller says of one delivery. */
export type Ack = {
  readonly deliveryId: string;
  readonly lease: string;
  readonly outcome: AckOutcome;
  readonly delayMs?: number | undefined;
  readonly leaseMs?: number | undefined;
};

export type AckNeeds = {
  readonly own: OwnPull['require'];
  readonly store: Pick<PullStore, 'findLeased' | 'extend'>;
  readonly endLeases: EndLeases;
  readonly clock: { now(): number };
};

const LEASE_MS = 30_000;

type Held = { readonly ack: Ack; readonly delivery: Delivery; readonly lease: Lease };

/** Which of these were still leased to who says so, and are now as it said; in their order. */
export function createAckDeliveries(needs: AckNeeds) {
  return async (id: SubscriptionId, acks: readonly Ack[], by: PartnerCaller): Promise<boolean[]> => {
    await needs.own(id, by);
    const ids = acks.flatMap(({ deliveryId }) => (isId('dlv', deliveryId) ? [deliveryId] : []));
    const leased = await needs.store.findLeased(id, [...new Set(ids)]);
    const nowMs = needs.clock.now();
    const held = heldBy(acks, leased, nowMs);
    const [ended, extended] = await Promise.all([
      needs.endLeases(held.flatMap(endingOf)),
      needs.store.extend(extensionsOf(held, nowMs), nowMs),
    ]);
    const good = new Set(
      held
        .filter(({ delivery }) => ended.has(delivery.id) || extended.has(delivery.id))
        .map(({ ack }) => ack),
    );
    return acks.map((ack) => good.has(ack));
  };
}

/** Of those that stand there twice the first: what it says ends the lease of the others. */
function heldBy(acks: readonly Ack[], leased: ReadonlyMap<string, Delivery>, nowMs: number): Held[] {
  const seen = new Set<string>();
  return acks.flatMap((ack): Held[] => {
    const delivery = leased.get(ack.deliveryId);
    const lease = delivery?.lease;
    if (delivery === undefined || !isLive(lease, nowMs)) return [];
    if (lease.token !== ack.lease || seen.has(ack.deliveryId)) return [];
    seen.add(ack.deliveryId);
    return [{ ack, delivery, lease }];
  });
}

function endingOf({ ack: { outcome, delayMs }, delivery, lease }: Held): Ending[] {
  if (outcome === 'extend') return [];
  return [{ delivery, lease, end: outcome === 'retry' ? { kind: outcome, delayMs } : { kind: outcome } }];
}

/** As many in one write as have the same end. */
function extensionsOf(held: readonly Held[], nowMs: number): Extension[] {
  const groups = new Map<string, Extension & { readonly ids: DeliveryId[] }>();
  for (const { ack, delivery, lease } of held) {
    if (ack.outcome !== 'extend') continue;
    const untilMs = nowMs + (ack.leaseMs ?? LEASE_MS);
    const key = `${lease.token} ${untilMs}`;
    const group = groups.get(key) ?? { ids: [], token: lease.token, untilMs };
    groups.set(key, group);
    group.ids.push(delivery.id);
  }
  return [...groups.values()];
}
