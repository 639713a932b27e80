import type { Attempt, DeliveryState, NewDelivery, StatusIn } from '@anika/core/delivery/delivery';
import { isReasonOf } from '@anika/core/delivery/reasons';
import type { DeliveryRecord, FoundState } from '@anika/core/delivery/transition';
import type { DeliveryId } from '@anika/core/ids';

type StatusChange = {
  readonly reason?: string | undefined;
  readonly nextAttemptAtMs?: number | undefined;
  readonly finishedAtMs?: number | undefined;
};

export type RecordChange = StatusChange & {
  readonly generation?: number;
  readonly attempt?: Attempt;
  readonly unstored?: NewDelivery;
};

const NOW_MS = Date.UTC(2026, 0, 1);

/** A state with what it has of its own: of `change` if that has it, and something that fits otherwise. */
export function statusIn<State extends DeliveryState>(state: State, change?: StatusChange): StatusIn<State>;
export function statusIn(state: DeliveryState, change: StatusChange = {}): StatusIn<DeliveryState> {
  const { reason, nextAttemptAtMs = NOW_MS + 60_000, finishedAtMs = NOW_MS + 50 } = change;
  switch (state) {
    case 'pending':
    case 'retrying':
      return { state, nextAttemptAtMs };
    case 'delivered':
      return { state, finishedAtMs };
    case 'dead':
      return { state, reason: isReasonOf(state, reason) ? reason : 'attempts-exhausted', finishedAtMs };
    case 'cancelled':
      return { state, reason: isReasonOf(state, reason) ? reason : 'grant-revoked', finishedAtMs };
    case 'held':
      return { state, reason: isReasonOf(state, reason) ? reason : 'subscription-paused' };
  }
}

/** What a dispatcher found out about a delivery of the first generation, unless `change` says otherwise. */
export function recordIn(id: DeliveryId, state: FoundState, change: RecordChange = {}): DeliveryRecord {
  const { generation = 1, attempt, unstored, ...status } = change;
  return {
    id,
    generation,
    ...(attempt !== undefined && { attempt }),
    ...(unstored !== undefined && { unstored }),
    ...statusIn(state, status),
  };
}
