import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Document } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { lightProjection, MESSAGE_PROJECTION, type MessageDocument, toMessage } from './message-document.ts';
import { readMessages } from './read-messages.ts';

export type MessagesById = ReadonlyMap<MessageId, Message | 'recalled'>;

/** Messages that are known by their ids; of one that was taken back, that it was. */
export function createMessagesById({ messages }: Pick<Mongo, 'messages'>) {
  const find = (ids: readonly MessageId[], projection: Document) =>
    guarded(() =>
      readMessages<MessageDocument & { readonly heavy?: number }>(
        messages.find({ _id: { $in: [...ids] } }, { projection, batchSize: ids.length + 1 }),
      ),
    );

  return {
    /** What is there of these. */
    async findMany(ids: readonly MessageId[]): Promise<MessagesById> {
      return byId(await find(ids, MESSAGE_PROJECTION));
    },

    /** The same, but of those with more bytes of data than `maxBytes` only how many they have, by their ids. */
    async findLight(
      ids: readonly MessageId[],
      maxBytes: number,
    ): Promise<{ readonly light: MessagesById; readonly heavy: ReadonlyMap<MessageId, number> }> {
      const found = await find(ids, lightProjection(maxBytes));
      const heavy = found.flatMap(({ _id, heavy: bytes }) =>
        bytes === undefined ? [] : [[_id, bytes] as const],
      );
      return { light: byId(found.filter((document) => document.heavy === undefined)), heavy: new Map(heavy) };
    },
  };
}

function byId(found: readonly MessageDocument[]): MessagesById {
  return new Map(
    found.map((document) => [
      document._id,
      document.recalled === undefined ? toMessage(document) : ('recalled' as const),
    ]),
  );
}
