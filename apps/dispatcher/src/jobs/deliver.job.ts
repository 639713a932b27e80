import type { DeliverJob } from '@anika/queue/job-seal';
import type { Command, JobOutcome, StopSignals } from '../deliver/deliver-needs.ts';

type Run = StopSignals & {
  readonly isFirst: boolean;
};

export type DeliverJobNeeds = {
  /** The job, if ANIKA has made it. */
  readonly open: (data: unknown) => DeliverJob | undefined;
  readonly deliver: (command: Command, stop: StopSignals) => Promise<JobOutcome>;
  /** Told of a job that ANIKA has not made. */
  readonly refused: () => void;
  readonly clock: { now(): number };
};

/**
 * A job of the `deliver` queue. One that ANIKA has not made is put down: if it stands for a delivery all the same, the
 * sweep makes its job anew.
 */
export function createDeliverJob(needs: DeliverJobNeeds): (data: unknown, run: Run) => Promise<JobOutcome> {
  return async (data, run) => {
    if (run.closing.aborted) return { kind: 'again', atMs: needs.clock.now() };
    const job = needs.open(data);
    if (job === undefined) {
      needs.refused();
      return { kind: 'done' };
    }
    return needs.deliver(commandOf(job, run), run);
  };
}

function commandOf({ g, fresh, dueMs, ...job }: DeliverJob, { isFirst }: Run): Command {
  const isFresh = fresh === true && isFirst;
  // What has become of it since is not in the job: the message may have been taken back.
  return { ...job, message: isFresh ? job.message : undefined, generation: g, dueMs, isFresh };
}
