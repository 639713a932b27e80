import type { SubscriptionState } from '@anika/core/subscription';

/** An endpoint that fails now and then is tried again within seconds: nobody need look at that. */
const FAILS_MS = 60_000;

export type Doing = {
  readonly state: SubscriptionState;
  readonly health?: { readonly state: string; readonly failingSince: string | null } | null | undefined;
};

/** Since when nothing has arrived although it should; undefined: it is not so, or not for long. */
export function failsSince({ state, health }: Doing, nowMs: number): string | undefined {
  if (state !== 'active' || health?.state !== 'failing' || health.failingSince === null) return undefined;
  return nowMs - Date.parse(health.failingSince) < FAILS_MS ? undefined : health.failingSince;
}

/** The text of what it does: one that should deliver and does not is not said to be active. */
export function doingText(
  one: Doing,
  nowMs: number,
): 'subscription.failing' | `subscription.state.${SubscriptionState}` {
  return failsSince(one, nowMs) === undefined ? `subscription.state.${one.state}` : 'subscription.failing';
}
