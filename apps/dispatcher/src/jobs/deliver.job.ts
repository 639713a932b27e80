import { type DeliveryId, type MessageId, messageIdOf, type SubscriptionId } from '@anika/core/ids';
import { z } from 'zod';
import type { Command, JobOutcome } from '../deliver/deliver-message.ts';

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

type Run = {
  readonly signal: AbortSignal;
  readonly isFirst: boolean;
  /** Told of each delivery that has ended before its job does. */
  readonly ended: () => void;
};

export type DeliverJobNeeds = {
  readonly deliver: (command: Command, signal: AbortSignal) => Promise<JobOutcome>;
  /** A job of its own for a delivery that shared one. */
  readonly queueAgain: (command: Command, atMs: number) => Promise<void>;
  readonly failed: (command: Command, error: unknown) => void;
  readonly unreadable: (data: unknown) => void;
  readonly clock: { now(): number };
};

const DONE: JobOutcome = { kind: 'done' };
/** When a delivery that met an unexpected error is tried again; it has used up no attempt. */
const AFTER_ERROR_MS = 2000;

/** A job of the `deliver` queue. One that cannot be read is put down: trying again would not help. */
export function createDeliverJob(needs: DeliverJobNeeds): (data: unknown, run: Run) => Promise<JobOutcome> {
  return async (data, run) => {
    const parsed = payload.safeParse(data);
    if (!parsed.success) {
      needs.unreadable(data);
      return DONE;
    }
    if ('deliveries' in parsed.data) return deliverAll(commandsOf(parsed.data, run), run, needs);
    return needs.deliver(commandOf(parsed.data, run), run.signal);
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

/** Each goes its own way: who must come back gets a job of its own, and the shared one ends with the last of them. */
async function deliverAll(
  commands: readonly Command[],
  run: Run,
  needs: DeliverJobNeeds,
): Promise<JobOutcome> {
  await Promise.all(commands.map((command) => deliverSharing(command, run.signal, needs).finally(run.ended)));
  return DONE;
}

async function deliverSharing(
  command: Command,
  signal: AbortSignal,
  { deliver, queueAgain, failed, clock }: DeliverJobNeeds,
): Promise<void> {
  try {
    const outcome = await deliver(command, signal);
    if (outcome.kind === 'again') await queueAgain(command, outcome.atMs);
  } catch (error) {
    failed(command, error);
    // Should the queue be away as well, the sweep finds it.
    await queueAgain(command, clock.now() + AFTER_ERROR_MS).catch(() => undefined);
  }
}
