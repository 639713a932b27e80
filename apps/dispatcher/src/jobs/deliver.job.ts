import { type DeliveryId, type MessageId, messageIdOf, type SubscriptionId } from '@anika/core/ids';
import pLimit from 'p-limit';
import { z } from 'zod';
import {
  AFTER_ERROR_MS,
  type Command,
  type JobOutcome,
  type StopSignals,
} from '../deliver/deliver-message.ts';

const ownPayload = z.object({
  deliveryId: z.string().startsWith('dlv_'),
  messageId: z.string().startsWith('msg_'),
  subscriptionId: z.string().startsWith('sub_'),
  g: z.number().int().positive(),
  dueMs: z.number().optional(),
  fresh: z.boolean().optional(),
});
const sharedPayload = z.object({
  deliveries: z.array(z.tuple([z.string().startsWith('dlv_'), z.string().startsWith('sub_'), z.number()])),
});
const payload = z.union([sharedPayload, ownPayload]);

type Run = StopSignals & {
  readonly isFirst: boolean;
};

export type DeliverJobNeeds = {
  readonly deliver: (command: Command, stop: StopSignals) => Promise<JobOutcome>;
  /** A job of its own for a delivery that shared one. */
  readonly queueAgain: (command: Command, atMs: number) => Promise<void>;
  readonly failed: (command: Command, error: unknown) => void;
  readonly unreadable: (data: unknown) => void;
  /** Deliveries of shared jobs under way at a time, of all such jobs together. */
  readonly sharersAtOnce: number;
  readonly clock: { now(): number };
};

const DONE: JobOutcome = { kind: 'done' };

/** A job of the `deliver` queue. One that cannot be read is put down: trying again would not help. */
export function createDeliverJob(needs: DeliverJobNeeds): (data: unknown, run: Run) => Promise<JobOutcome> {
  const limit = pLimit(needs.sharersAtOnce);
  return async (data, run) => {
    if (run.closing.aborted) return comesBack(run, needs);
    const parsed = payload.safeParse(data);
    if (!parsed.success) {
      needs.unreadable(data);
      return DONE;
    }
    if (!('deliveries' in parsed.data)) return needs.deliver(commandOf(parsed.data, run), run);
    const commands = commandsOf(parsed.data, run);
    const settled = await Promise.all(commands.map((one) => limit(deliverSharing, one, run, needs)));
    return settled.every(Boolean) ? DONE : comesBack(run, needs);
  };
}

function commandOf(
  { deliveryId, messageId, subscriptionId, g, dueMs, fresh = false }: z.infer<typeof ownPayload>,
  { isFirst }: Run,
): Command {
  return {
    deliveryId: deliveryId as DeliveryId,
    messageId: messageId as MessageId,
    subscriptionId: subscriptionId as SubscriptionId,
    generation: g,
    dueMs,
    isFresh: fresh && isFirst,
  };
}

function commandsOf({ deliveries }: z.infer<typeof sharedPayload>, { isFirst }: Run): Command[] {
  return deliveries.map(([deliveryId, subscriptionId, dueMs]) => ({
    deliveryId: deliveryId as DeliveryId,
    messageId: messageIdOf(deliveryId as DeliveryId),
    subscriptionId: subscriptionId as SubscriptionId,
    generation: 1,
    dueMs,
    isFresh: isFirst,
  }));
}

function comesBack({ closing }: Run, { clock }: DeliverJobNeeds): JobOutcome {
  return { kind: 'again', atMs: clock.now() + (closing.aborted ? 0 : AFTER_ERROR_MS) };
}

/**
 * Each of a shared job goes its own way, and the job ends with the last of them: who must come back gets a job of its
 * own. False if that could not be arranged, and the shared one must come back.
 */
async function deliverSharing(
  command: Command,
  run: Run,
  { deliver, queueAgain, failed, clock }: DeliverJobNeeds,
): Promise<boolean> {
  if (run.closing.aborted) return false;
  try {
    const outcome = await deliver(command, run);
    if (outcome.kind === 'done') return true;
    if (run.signal.aborted) return false;
    await queueAgain(command, outcome.atMs);
    return true;
  } catch (error) {
    failed(command, error);
    return queueAgain(command, clock.now() + AFTER_ERROR_MS).then(
      () => true,
      () => false,
    );
  }
}
