import type { DeliveryState } from '@anika/core/delivery/delivery';

/** One of these states, as a condition. A single one is asked for by itself, as the partial indexes are defined. */
export function stateAmong(states: readonly DeliveryState[]): DeliveryState | { $in: DeliveryState[] } {
  const [first, ...others] = states;
  return first !== undefined && others.length === 0 ? first : { $in: [...states] };
}
