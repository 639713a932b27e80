import { TIMING } from '@anika/core/delivery/timing';
import { deliverDue } from './deliver-due.ts';
import {
  again,
  type Command,
  type DeliverNeeds,
  DONE,
  type JobOutcome,
  type StopSignals,
} from './deliver-needs.ts';

type Done = {
  readonly outcome: JobOutcome;
  /** Whose turn it is in the same lane, now that this delivery has left it; its place is taken already. */
  readonly next?: Command | undefined;
};

/**
 * Delivers what is due. A job that ends gives its place at the endpoint to the one that waits longest, and goes
 * on with that one, for a while: a busy endpoint's backlog moves without a job for each turn.
 */
export function createDeliverMessage(needs: DeliverNeeds) {
  return async (command: Command, { closing, signal }: StopSignals): Promise<JobOutcome> => {
    const untilMs = needs.clock.now() + TIMING.turnsMs;
    const mayGoOn = () => !closing.aborted && needs.clock.now() < untilMs;
    const first = await deliverInTurn(command, { signal, isInLane: false, mayGoOn }, needs);
    let turn = first.next;
    while (turn !== undefined) {
      const done = await deliverNext(turn, { signal, isInLane: true, mayGoOn }, needs);
      if (done.outcome.kind === 'again') await needs.queueAgain(turn, done.outcome.atMs);
      turn = done.next;
    }
    return first.outcome;
  };
}

/** One of those that waited: it has no job of its own, and gets one when its turn comes to nothing. */
async function deliverNext(command: Command, turn: Turn, needs: DeliverNeeds): Promise<Done> {
  try {
    return await deliverInTurn(command, turn, needs);
  } catch (error) {
    needs.failed(command, error);
    return again(needs.clock.now() + TIMING.afterErrorMs);
  }
}

type Turn = {
  readonly signal: AbortSignal;
  readonly isInLane: boolean;
  readonly mayGoOn: () => boolean;
};

/** Takes a place in the endpoint's lane, so that who must wait costs no more than that, and delivers. */
async function deliverInTurn(command: Command, turn: Turn, needs: DeliverNeeds): Promise<Done> {
  const ready = await needs.findTarget(command.subscriptionId);
  if (ready === undefined) {
    const done = await deliverDue(command, { ready, signal: turn.signal }, needs);
    await needs.lane.close(command);
    return done;
  }
  let isAlone = false;
  if (!turn.isInLane) {
    if (command.isFresh && command.message === undefined)
      needs.findMessage(command.messageId).catch(() => undefined); // on its way meanwhile
    const entry = await needs.lane.enter(command, ready);
    if (entry.kind === 'parked') return DONE;
    if (entry.kind === 'taken') return again(entry.untilMs);
    isAlone = entry.isAlone;
  }
  try {
    const { outcome, load } = await deliverDue(command, { ready, signal: turn.signal }, needs);
    // A job that is to come back must not wait for the turns of others.
    const goesOn = outcome.kind === 'done' && !isAlone && turn.mayGoOn();
    const leaving = needs.lane.leave(command, ready, { goesOn, load });
    // Where nobody waited, the place is given back in one write with the end of the job.
    if (isAlone && outcome.kind === 'done') return { outcome };
    return { outcome, next: await leaving };
  } catch (error) {
    await needs.lane.leave(command, ready, { goesOn: false, load: 'unknown' });
    throw error;
  }
}
