import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { guarded, type Mongo } from './client.ts';
import { MESSAGE_PROJECTION, NOT_RECALLED, toMessage } from './message-document.ts';
import { readMessages } from './read-messages.ts';

/** Of these, in their order, those that were released under a name that is given once, and not taken back. */
export async function readReleased(mongo: Mongo, ids: readonly MessageId[], by: string): Promise<Message[]> {
  const released = await guarded(() =>
    readMessages(
      mongo.messages.find(
        { _id: { $in: [...ids] }, releasedBy: by, ...NOT_RECALLED },
        { projection: MESSAGE_PROJECTION, batchSize: ids.length + 1 },
      ),
    ),
  );
  const found = new Map(released.map((document) => [document._id, toMessage(document)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}
