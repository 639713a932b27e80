import type { createFanOut } from '@anika/broker/fan-out';
import { createNoticeKeeper } from '@anika/broker/keep-notices';
import { createAcceptedOrder } from '@anika/core/accepted-order';
import type { Delivery } from '@anika/core/delivery/delivery';
import { DEAD_COUNT_MAX } from '@anika/core/notice/endpoint-notices';
import { createMailer } from '@anika/mail/mailer';
import { createRateLimit } from '@anika/queue/rate-limits';
import { createBatcher } from '@anika/runtime/batcher';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { ItemError } from '@anika/runtime/split-on-failure';
import { startTicker } from '@anika/runtime/ticker';
import { createDeadMarkStore, type Death } from '@anika/stores/postgres/dead-marks';
import { createNoticeMailStore } from '@anika/stores/postgres/notice-mails';
import { createNoticeStore } from '@anika/stores/postgres/notices';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createMailNotices } from './notices/mail-notices.ts';
import { createTellNotices } from './notices/tell-notices.ts';

const LOOK_MS = 500;
/** Whoever has many users must not make a flood of mails of it, to addresses that nobody has proved. */
const MAILS_OF_COMPANY = { name: 'notice-mails', points: 200, perSeconds: 3600 };
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
  const { postgres, messages, deliveries, producer, prefix, clock, logger } = infrastructure;
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
  const deadMarks = createDeadMarkStore(postgres);
  const notes = createBatcher<Death, void>(async (batch) => {
    await deadMarks.note(batch);
    return batch.map(() => undefined);
  }, DEAD_NOTES);
  lifecycle.onClose('dead letters noted', notes.drain);
  return {
    /** Resolves once it cannot be forgotten to tell of it. */
    noteDead: ({ subscriptionId }: Delivery, sinceMs: number): Promise<void> =>
      notes.add({ id: subscriptionId, sinceMs }),

    start(): void {
      lifecycle.onClose('notices', startTicker(tell, { everyMs: LOOK_MS, logger }));
      if (server === undefined) return;
      const mailer = createMailer(server, from);
      const ofCompany = createRateLimit(MAILS_OF_COMPANY, { redis: producer, prefix });
      lifecycle.onClose('mail server', async () => mailer.close());
      const mail = createMailNotices({
        store: createNoticeMailStore(postgres),
        findMessages: messages.findMany,
        send: mailer.send,
        mayMail: async (partnerId) => (await ofCompany.consume(partnerId)).allowed,
        logger,
        clock,
      });
      lifecycle.onClose('e-mails', startTicker(mail, { everyMs: LOOK_MS, logger }));
    },
  };
}
