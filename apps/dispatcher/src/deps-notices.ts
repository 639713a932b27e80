import type { createFanOut } from '@anika/broker/fan-out';
import { createNoticeKeeper } from '@anika/broker/keep-notices';
import { createAcceptedOrder } from '@anika/core/accepted-order';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { SubscriptionId } from '@anika/core/ids';
import { DEAD_COUNT_MAX } from '@anika/core/notice/endpoint-notices';
import { isNoticesTopic } from '@anika/core/notice/notice';
import { createMailer } from '@anika/mail/mailer';
import { createBatcher } from '@anika/runtime/batcher';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { ItemError } from '@anika/runtime/split-on-failure';
import { createNoticeMailStore } from '@anika/stores/postgres/notice-mails';
import { createNoticeStore } from '@anika/stores/postgres/notices';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createMailNotices } from './notices/mail-notices.ts';
import { createTellNotices } from './notices/tell-notices.ts';
import { startTicker } from './sweep/ticker.ts';

const LOOK_MS = 500;
const DEAD_NOTES = { maxItems: 500, maxInFlight: 1 } as const;

type Opened = {
  readonly lifecycle: Lifecycle;
  readonly fanOut: ReturnType<typeof createFanOut>;
};

export type Notices = ReturnType<typeof composeNotices>;

/** What companies are told: kept as messages of their own topics, and mailed where a server for it is set. */
export function composeNotices(
  config: DispatcherConfig,
  infrastructure: Infrastructure,
  { lifecycle, fanOut }: Opened,
) {
  const { postgres, messages, deliveries, clock, logger } = infrastructure;
  const { ANIKA_SMTP_URL: server, ANIKA_MAIL_FROM: from } = config;
  const keeper = createNoticeKeeper({
    async insert(batch) {
      const failed = (await messages.insert(batch)).find((outcome) => outcome instanceof ItemError);
      if (failed !== undefined) throw failed.error;
    },
    fanOut,
    order: createAcceptedOrder(),
    failed: (error) => logger.warn({ err: error }, 'notices not sent yet; the sweep does it'),
    clock,
  });
  const store = createNoticeStore(postgres, { keep: keeper.keep, mails: server !== undefined });
  const tell = createTellNotices({
    store,
    lettersSince: (id, sinceMs) => deliveries.deadSince(id, sinceMs, DEAD_COUNT_MAX),
    send: keeper.send,
    logger,
    clock,
  });
  const notes = createBatcher<{ id: SubscriptionId; sinceMs: number }, void>(async (batch) => {
    await store.noteDead(batch);
    return batch.map(() => undefined);
  }, DEAD_NOTES);
  lifecycle.onClose('dead letters noted', notes.drain);
  return {
    /** Resolves once it cannot be forgotten to tell of it. */
    async noteDead({ subscriptionId, topicId, partnerId }: Delivery, sinceMs: number): Promise<void> {
      // Of its own dead letters the way of notices does not tell: each would make another.
      if (!isNoticesTopic(topicId, partnerId)) await notes.add({ id: subscriptionId, sinceMs });
    },

    start(): void {
      lifecycle.onClose('notices', startTicker(tell, { everyMs: LOOK_MS, logger }));
      if (server === undefined) return;
      const mailer = createMailer(server, from);
      lifecycle.onClose('mail server', async () => mailer.close());
      const mail = createMailNotices({
        store: createNoticeMailStore(postgres),
        findMessages: messages.findMany,
        send: mailer.send,
        logger,
        clock,
      });
      lifecycle.onClose('e-mails', startTicker(mail, { everyMs: LOOK_MS, logger }));
    },
  };
}
