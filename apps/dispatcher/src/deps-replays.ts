import { randomBytes } from 'node:crypto';
import { REPLAY_MAX_MS } from '@anika/core/replay/replay';
import { createBusyPart } from '@anika/runtime/busy-part';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createReplayStore } from '@anika/stores/postgres/replays';
import type { Infrastructure } from './infrastructure.ts';
import { createRunReplays } from './replays/run-replays.ts';

/** How often it is looked for replays that are due. */
const EVERY_MS = 250;
const FORGET_EVERY_MS = 3_600_000;

/** Replays go on in every dispatcher, each in one at a time. */
export function startReplays(infrastructure: Infrastructure, lifecycle: Lifecycle): void {
  const { postgres, messages, deliveries, loadTarget, queues, logger, clock } = infrastructure;
  const { claim, advance, become, settle, removeEndedBefore } = createReplayStore(postgres);
  const run = createRunReplays({
    claim,
    advance,
    become,
    settle,
    listBetween: messages.listBetween,
    known: deliveries.known,
    startReplayed: deliveries.startReplayed,
    countReplayed: deliveries.countReplayed,
    loadTarget,
    addJobs: queues.addDeliveries,
    newLease: () => randomBytes(9).toString('base64url'),
    busyPart: createBusyPart(),
    logger,
    clock,
  });
  lifecycle.onClose('replays', startTicker(run, { everyMs: EVERY_MS, logger }));
  const forget = async () => void (await removeEndedBefore(clock.now() - REPLAY_MAX_MS));
  lifecycle.onClose('ended replays', startTicker(forget, { everyMs: FORGET_EVERY_MS, logger }));
}
