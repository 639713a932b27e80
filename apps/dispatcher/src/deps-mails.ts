import { createMailer } from '@anika/mail/mailer';
import { createRateLimit } from '@anika/queue/rate-limits';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createNoticeMailStore } from '@anika/stores/postgres/notice-mails';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createMailNotices } from './notices/mail-notices.ts';

const LOOK_MS = 500;
/** Whoever has many users must not make a flood of mails of it, to addresses that nobody has proved. */
const MAILS_OF_COMPANY = { name: 'notice-mails', points: 200, perSeconds: 3600 };

/** Notices are mailed where a server for it is set. */
export function startMails(
  { ANIKA_SMTP_URL: server, ANIKA_MAIL_FROM: from }: DispatcherConfig,
  { postgres, messages, producer, prefix, logger, clock }: Infrastructure,
  lifecycle: Lifecycle,
): void {
  if (server === undefined) return;
  const mailer = createMailer(server, from);
  lifecycle.onClose('mail server', async () => mailer.close());
  const ofCompany = createRateLimit(MAILS_OF_COMPANY, { redis: producer, prefix });
  const mail = createMailNotices({
    store: createNoticeMailStore(postgres),
    findMessages: messages.findMany,
    send: mailer.send,
    mayMail: async (partnerId) => (await ofCompany.consume(partnerId)).allowed,
    logger,
    clock,
  });
  lifecycle.onClose('e-mails', startTicker(mail, { everyMs: LOOK_MS, logger }));
}
