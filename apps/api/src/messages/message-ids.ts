import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { idempotencyInput, idempotentMessageId, type MessageId, newId, type TopicId } from '@anika/core/ids';

export type InstallationSecret = {
  readonly secret: Uint8Array;
  readonly formerMessageIdsUntilMs: number | undefined;
};

export type MessageIds = {
  /** A new one. Each is drawn for itself: of two nobody can tell how many others lie between. */
  fresh(nowMs: number): MessageId;
  /** Of an idempotency key: the same topic and key give the same id. */
  ofKey(topicId: TopicId, key: string): Promise<MessageId>;
  /** What former versions made of the key, as long as something they accepted may be sent again. */
  formerOfKey(topicId: TopicId, key: string, nowMs: number): Promise<MessageId | undefined>;
};

const PURPOSE = 'anika message ids 1';

/** `load` is asked once, and again only if it fails. */
export function createMessageIds(load: () => Promise<InstallationSecret>): MessageIds {
  let loaded: Promise<{ key: Buffer; formerUntilMs: number }> | undefined;

  function known() {
    loaded ??= load().then(
      ({ secret, formerMessageIdsUntilMs }) => ({
        key: Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32)),
        formerUntilMs: formerMessageIdsUntilMs ?? 0,
      }),
      (error: unknown) => {
        loaded = undefined;
        throw error;
      },
    );
    return loaded;
  }

  return {
    fresh: (nowMs) => newId('msg', nowMs, randomBytes(10)),
    async ofKey(topicId, key) {
      const hmac = createHmac('sha256', (await known()).key);
      return idempotentMessageId(hmac.update(idempotencyInput(topicId, key)).digest());
    },
    async formerOfKey(topicId, key, nowMs) {
      if (nowMs >= (await known()).formerUntilMs) return undefined;
      return idempotentMessageId(createHash('sha256').update(idempotencyInput(topicId, key)).digest());
    },
  };
}
