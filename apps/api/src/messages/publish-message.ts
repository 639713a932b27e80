import type { PartnerCaller } from '@anika/core/access';
import { Failure, notFound } from '@anika/core/failures';
import type { MessageId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Route } from '@anika/core/route';
import {
  type AcceptedMessage,
  checkAudience,
  checkForm,
  type PublishCommand,
  replayOf,
  toMessage,
} from './new-message.ts';

export type PublishNeeds = {
  readonly route: (topicId: TopicId) => Promise<{ readonly route: Route } | undefined>;
  /** Resolves once the message is durable; shared writes. */
  readonly store: (message: AcceptedMessage) => Promise<'stored' | 'duplicate'>;
  readonly find: (id: MessageId) => Promise<(Message & { fingerprint: string | undefined }) | undefined>;
  /** Starts the fan-out, which nobody waits for; the sweep does what it leaves. */
  readonly fanOut: (message: AcceptedMessage) => void;
  readonly checkData: (topic: { id: string; schema: unknown }, data: unknown) => void;
  readonly accepted: (outcome: 'stored' | 'replayed') => void;
  readonly newId: (nowMs: number) => MessageId;
  readonly clock: { now(): number };
};

export type Receipt = {
  readonly id: MessageId;
  readonly topicId: TopicId;
  readonly type: string;
  readonly acceptedAtMs: number;
  /** The idempotency key was used before: this is the first answer again. */
  readonly replayed: boolean;
};

export type PublishMessage = (command: PublishCommand, by: PartnerCaller) => Promise<Receipt>;

/** Accepts a message: checked, stored durably, then handed to the fan-out. */
export function createPublishMessage(needs: PublishNeeds): PublishMessage {
  function replay(found: Awaited<ReturnType<PublishNeeds['find']>>, again: AcceptedMessage): Receipt {
    const first = replayOf(found, again);
    needs.accepted('replayed');
    return receiptOf(first, true);
  }

  return async (command, by) => {
    const route = (await needs.route(command.topicId))?.route;
    if (route === undefined || route.topic.ownerId !== by.partnerId) throw notFound('topic');
    const nowMs = needs.clock.now();
    checkForm(command);
    const message = toMessage(command, by.partnerId, { nowMs, newId: needs.newId });
    try {
      checkAudience(command, route, nowMs);
      needs.checkData(route.topic, command.data);
    } catch (refusal) {
      // Rules change: who lost the 202 of a message that was taken before must not be told it was refused.
      const first = command.idempotencyKey === undefined ? undefined : await needs.find(message.id);
      if (first === undefined) throw refusal;
      return replay(first, message);
    }
    if ((await needs.store(message)) === 'duplicate') return replay(await needs.find(message.id), message);
    needs.accepted('stored');
    needs.fanOut(message);
    return receiptOf(message, false);
  };
}

function receiptOf({ id, topicId, type, acceptedAtMs }: Message, replayed: boolean): Receipt {
  return { id, topicId, type, acceptedAtMs, replayed };
}

export type BatchOutcome = { readonly receipt: Receipt } | { readonly failure: Failure };

/** Each message of a batch has its own outcome; one that repeats a key within the batch sees the first. */
export async function publishAll(
  publish: PublishMessage,
  commands: readonly (PublishCommand | Failure)[],
  by: PartnerCaller,
): Promise<BatchOutcome[]> {
  return Promise.all(
    commands.map(async (command): Promise<BatchOutcome> => {
      if (command instanceof Failure) return { failure: command };
      try {
        return { receipt: await publish(command, by) };
      } catch (error) {
        if (error instanceof Failure) return { failure: error };
        throw error;
      }
    }),
  );
}
