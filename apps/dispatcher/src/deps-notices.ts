import { createNoticeKeeper } from '@anika/broker/keep-notices';
import { createAcceptedOrder } from '@anika/core/accepted-order';
import { DEAD_COUNT_MAX } from '@anika/core/notice/endpoint-notices';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createDeadMarkStore } from '@anika/stores/postgres/dead-marks';
import { createNoticeStore } from '@anika/stores/postgres/notices';
import type { DispatcherConfig } from './config.ts';
import { startMails } from './deps-mails.ts';
import type { FanOut } from './deps-maintenance.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createInsertNotices } from './notices/insert-notices.ts';
import { createNoteDead } from './notices/note-dead.ts';
import { createRefusedNotices } from './notices/refused-notices.ts';
import { createTellNotices } from './notices/tell-notices.ts';

const LOOK_MS = 500;

type Opened = { readonly lifecycle: Lifecycle; readonly fanOut: FanOut };

export type Notices = ReturnType<typeof composeNotices>;

/** What companies are told: kept as messages of their own topics, and mailed where a server for it is set. */
export function composeNotices(
  config: DispatcherConfig,
  infrastructure: Infrastructure,
  { lifecycle, fanOut }: Opened,
) {
  const { postgres, messages, deliveries, clock, logger } = infrastructure;
  const keeper = createNoticeKeeper({
    insert: createInsertNotices({ insert: messages.insert }),
    fanOut,
    order: createAcceptedOrder(),
    failed: (error) => logger.warn({ err: error }, 'notices not sent yet; the sweep does it'),
    clock,
  });
  const mails = config.ANIKA_SMTP_URL !== undefined;
  const tell = createTellNotices({
    store: createNoticeStore(postgres, {
      keep: keeper.keep,
      putDown: createRefusedNotices(infrastructure),
      mails,
    }),
    lettersSince: (id, sinceMs) => deliveries.deadSince(id, sinceMs, DEAD_COUNT_MAX),
    send: keeper.send,
    logger,
    clock,
  });
  const dead = createNoteDead(createDeadMarkStore(postgres).note);
  lifecycle.onClose('dead letters noted', dead.drain);
  return {
    noteDead: dead.note,
    start(): void {
      lifecycle.onClose('notices', startTicker(tell, { everyMs: LOOK_MS, logger }));
      startMails(config, infrastructure, lifecycle);
    },
  };
}
