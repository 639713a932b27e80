import type { ReplayId } from '@anika/core/ids';
import { REPLAY_MAX_MS, REPLAY_PACE } from '@anika/core/replay/replay';
import type { Subscription } from '@anika/core/subscription';
import type { Change } from './actor.ts';
import type { Tx } from './client.ts';
import { insertReplay } from './replays.ts';

export type StartFrom = {
  /** What was published since is sent once the subscription is active. */
  readonly startFromMs?: number | undefined;
};
/** The id of the replay that does so. */
export type StartFromThen = { readonly replayId: ReplayId };

/** Processes take so long to know of a subscription that has become active, and messages to be stored. */
const KNOWN_MS = 3000;

/**
 * A subscription that has become active is sent what was published before, from the time on that it was made with:
 * once, in the transaction that makes it active. Until every process knows of it, too.
 */
export async function startFromThen(
  tx: Tx,
  { id, partnerId, topicId }: Subscription,
  { replayId, ...change }: Change & StartFromThen,
): Promise<void> {
  const { startFrom } = await tx.subscription.findUniqueOrThrow({
    where: { id },
    select: { startFrom: true },
  });
  if (startFrom === null) return;
  await tx.$executeRaw`UPDATE subscriptions SET start_from = NULL WHERE id = ${id}`;
  const toMs = change.atMs + KNOWN_MS;
  const fromMs = Math.max(startFrom.getTime(), toMs - REPLAY_MAX_MS);
  const wish = { fromMs, toMs, types: [], filter: undefined, only: 'missing' } as const;
  const replay = { ...wish, id: replayId, subscriptionId: id, partnerId, topicId };
  await insertReplay(tx, { ...replay, perSecond: REPLAY_PACE.usual }, change);
}
