import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { RecalledMessages } from '../recalls/recalled-messages.ts';

/** A message, or that it was taken back; undefined: it is not kept any more. */
export type MaybeMessage = Message | 'recalled' | undefined;

export type MessageNeeds = {
  readonly findMessage: (id: MessageId) => Promise<MaybeMessage>;
  /** What is known of messages that were taken back. */
  readonly recalls: Pick<RecalledMessages, 'has' | 'vouchesFor'>;
};

/** What a job brought spares a look-up, as long as it is known that nobody has taken it back. */
export function messageOf(
  { messageId, message }: { readonly messageId: MessageId; readonly message?: Message | undefined },
  { recalls, findMessage }: MessageNeeds,
): Promise<MaybeMessage> | Message {
  return message !== undefined && recalls.vouchesFor(message) ? message : findMessage(messageId);
}

export function kept(message: MaybeMessage): Message | undefined {
  return message === 'recalled' ? undefined : message;
}
