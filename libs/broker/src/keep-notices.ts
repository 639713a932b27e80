import { hash } from 'node:crypto';
import { base32, type MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import {
  type KeptNotice,
  type Notice,
  noticeInput,
  noticesTopicOf,
  type RefuseNotice,
} from '@anika/core/notice/notice';
import type { FanOutMessage } from './fan-out.ts';

type NoticeMessage = FanOutMessage & { readonly fingerprint: undefined };

export type KeepNoticesNeeds = {
  /**
   * Stores messages durably; one that is there already stays as it is. Resolves with those that are there: one that
   * could never be stored is refused, and is not. Rejects when one could not be stored now.
   */
  readonly insert: (
    messages: readonly NoticeMessage[],
    refuse: RefuseNotice,
  ) => Promise<readonly NoticeMessage[]>;
  readonly fanOut: (messages: readonly Message[]) => Promise<unknown>;
  readonly order: (nowMs: number) => number;
  /** Told when deliveries could not be made: the sweep does it. */
  readonly failed: (error: unknown) => void;
  readonly clock: { now(): number };
};

export type NoticeKeeper = {
  /** Each is a message of its company's topic of notices; kept twice it is one. Resolves with those that are. */
  keep(notices: readonly Notice[], refuse: RefuseNotice): Promise<readonly KeptNotice[]>;
  /** Sends what was kept, once it is noted that it was. A crash before leaves it to the sweep. */
  send(): Promise<void>;
};

/** Stored at once: the deletion of one topic may be told to thousands of companies. */
const CHUNK = 500;

export function createNoticeKeeper(needs: KeepNoticesNeeds): NoticeKeeper {
  let kept: Message[] = [];
  return {
    async keep(notices, refuse) {
      const messages = notices.map((notice) => toMessage(notice, needs));
      const stored = new Set<MessageId>();
      for (let at = 0; at < messages.length; at += CHUNK) {
        for (const { id } of await needs.insert(messages.slice(at, at + CHUNK), refuse)) stored.add(id);
      }
      kept.push(...messages.filter(({ id }) => stored.has(id)));
      return notices
        .map((notice) => ({ ...notice, messageId: idOf(notice) }))
        .filter(({ messageId }) => stored.has(messageId));
    },
    async send() {
      const messages = kept;
      kept = [];
      if (messages.length > 0) await needs.fanOut(messages).catch(needs.failed);
    },
  };
}

function toMessage(
  notice: Notice,
  { order, clock }: Pick<KeepNoticesNeeds, 'order' | 'clock'>,
): NoticeMessage {
  const nowMs = clock.now();
  return {
    id: idOf(notice),
    topicId: noticesTopicOf(notice.partnerId),
    ownerId: notice.partnerId,
    type: notice.type,
    key: notice.subjectId,
    data: notice.data,
    dataText: JSON.stringify(notice.data),
    acceptedAtMs: nowMs,
    audience: undefined,
    order: order(nowMs),
    requestId: undefined,
    fingerprint: undefined,
  };
}

/** The one id that this notice can have. */
function idOf(notice: Notice): MessageId {
  const bytes = hash('sha256', noticeInput(notice), 'buffer');
  return `msg_${base32(bytes.subarray(0, 17)).slice(0, 26)}` as MessageId;
}
