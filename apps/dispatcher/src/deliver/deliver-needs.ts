import type { Delivery } from '@anika/core/delivery/delivery';
import type { EndpointLoad } from '@anika/core/delivery/endpoint-load';
import type { DeliveryReason } from '@anika/core/delivery/reasons';
import type { RetrySchedule } from '@anika/core/delivery/retry-schedule';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Tried } from '@anika/destinations/destination';
import type { DeliveryEvent } from './attempt-record.ts';
import type { MessageNeeds } from './message-of.ts';
import type { ReadyTarget } from './ready-target.ts';

/** One generation of a delivery that is due. */
export type Command = {
  readonly deliveryId: DeliveryId;
  readonly messageId: MessageId;
  readonly subscriptionId: SubscriptionId;
  readonly generation: number;
  /** When it became due: who waits for the endpoint goes in this order. */
  readonly dueMs: number | undefined;
  /** Its job comes from the fan-out of a new message and has not run before. */
  readonly isFresh: boolean;
  /** What its job brought along. */
  readonly message?: Message | undefined;
};

export type StopSignals = {
  /** Aborts when the process is asked to stop, and begins nothing more. */
  readonly closing: AbortSignal;
  /** Aborts when the process must not wait any longer: what is under way is cut off. */
  readonly signal: AbortSignal;
};

/** What becomes of its job. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly atMs: number };

export type LaneEntry =
  | { readonly kind: 'go'; readonly isAlone: boolean }
  | { readonly kind: 'parked' }
  | { readonly kind: 'taken'; readonly untilMs: number };

export type DeliverNeeds = MessageNeeds & {
  readonly findDelivery: (id: DeliveryId) => Promise<Delivery | undefined>;
  readonly findTarget: (id: SubscriptionId) => Promise<ReadyTarget | undefined>;
  readonly lane: {
    enter(command: Command, target: ReadyTarget): Promise<LaneEntry>;
    /**
     * Gives the place back, to whoever waits longest: `goesOn` returns one such, otherwise all get a job. Never
     * rejects: the place lapses by itself.
     */
    leave(
      command: Command,
      target: ReadyTarget,
      left: { goesOn: boolean; load: EndpointLoad },
    ): Promise<Command | undefined>;
    /** Its subscription is no more: whoever waits there waits no longer. Never rejects. */
    close(command: Command): Promise<void>;
  };
  /** Its reader fetches it; only a program of a version before makes jobs for such a one. */
  readonly leaveToReader: (id: DeliveryId) => Promise<void>;
  /** A job for a delivery that has none, at a time. */
  readonly queueAgain: (command: Command, atMs: number) => Promise<void>;
  /** Undefined: no place of ours was free, and no attempt was made. */
  readonly send: (delivery: Delivery, ready: ReadyTarget, context: SendContext) => Promise<Tried | undefined>;
  /** Resolves once it is durable. */
  readonly record: (record: DeliveryRecord) => Promise<void>;
  readonly endpoints: {
    succeeded(target: ReadyTarget): Promise<void>;
    failed(target: ReadyTarget, gone: boolean): Promise<void>;
  };
  readonly deadLetters: {
    add(delivery: Delivery, dead: { reason: DeliveryReason; atMs: number }): Promise<void>;
    /** Of the generation before this one. */
    removePrevious(delivery: Delivery): Promise<void>;
  };
  /** After it was written as held: lets it go if the subscription was resumed in between. */
  readonly releaseIfActive: (id: SubscriptionId) => Promise<void>;
  readonly report: (event: DeliveryEvent) => void;
  /** Of one that waited for its turn: its own job ended long ago, so it is told here. */
  readonly failed: (command: Command, error: unknown) => void;
  /** Told of ids that do not belong together. */
  readonly refused: (command: Command) => void;
  readonly schedule: RetrySchedule;
  readonly clock: { now(): number };
  /** In [0, 1). */
  readonly random: () => number;
};

export type SendContext = { readonly message: Message; readonly signal: AbortSignal };

/** What came of a delivery that had its turn. */
export type Delivered = { readonly outcome: JobOutcome; readonly load: EndpointLoad };

export const DONE: Delivered = { outcome: { kind: 'done' }, load: 'unknown' };

export function again(atMs: number, load: EndpointLoad = 'unknown'): Delivered {
  return { outcome: { kind: 'again', atMs }, load };
}
