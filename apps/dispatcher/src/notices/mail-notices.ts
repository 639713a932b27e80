import type { MessageId, PartnerId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { MAIL_EVERY_MS, mailAgainMs, mailDueMs } from '@anika/core/notice/mail-settings';
import { type MailedNotice, mailOf } from '@anika/core/notice/mail-text';
import { isNoticeType } from '@anika/core/notice/notice';
import type { Mailer } from '@anika/mail/mailer';
import type { Logger } from '@anika/runtime/logger';
import type { DueMail, NoticeMailStore } from '@anika/stores/postgres/notice-mails';

export type MailNoticesNeeds = {
  readonly store: NoticeMailStore;
  readonly findMessages: (ids: readonly MessageId[]) => Promise<ReadonlyMap<MessageId, Message | 'recalled'>>;
  readonly send: Mailer['send'];
  /** Whether one more mail to users of a company may go out now. */
  readonly mayMail: (partnerId: PartnerId) => Promise<boolean>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** When it is asked again whether a company may be mailed more. */
const HELD_BACK_MS = 600_000;
/** Mails under way at once. */
const AT_ONCE = 4;

/** Sends the mails that are due, apart from all else: a mail server that is away holds up mails only. */
export function createMailNotices(needs: MailNoticesNeeds) {
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const due = await needs.store.claimDue(needs.clock.now(), AT_ONCE);
      if (due.length === 0) return;
      await Promise.all(due.map((mail) => mailOne(mail, needs)));
    }
  };
}

async function mailOne(mail: DueMail, needs: MailNoticesNeeds): Promise<void> {
  const { store, logger, clock } = needs;
  const facts = { userId: mail.userId, notices: mail.notices.length + mail.more, tries: mail.tries + 1 };
  try {
    const outcome = await hand(mail, needs);
    if (outcome === 'later') {
      return store.postpone(mail, { atMs: clock.now() + HELD_BACK_MS, tries: mail.tries });
    }
    if (outcome === 'sent') logger.info(facts, 'notices mailed');
    else logger.warn({ ...facts, outcome }, 'notices not mailed');
  } catch (error) {
    const atMs = mailAgainMs(mail.tries + 1, clock.now());
    logger.warn({ ...facts, err: error, givenUp: atMs === undefined }, 'notices not mailed');
    if (atMs !== undefined) return store.postpone(mail, { atMs, tries: mail.tries + 1 });
  }
  const nowMs = clock.now();
  const { email } = mail.settings;
  const nextMs = email === 'daily' ? mailDueMs(email, nowMs) : nowMs + MAIL_EVERY_MS;
  await store.settle(mail, { nowMs, nextMs });
}

async function hand(
  mail: DueMail,
  { findMessages, send, mayMail }: MailNoticesNeeds,
): Promise<'sent' | 'refused' | 'not wanted' | 'later'> {
  const { userId, email: to, settings, companyActive, more } = mail;
  if (!companyActive || settings.email === 'none') return 'not wanted';
  const found = await findMessages(mail.notices);
  const notices = mail.notices.flatMap((id) => mailed(found.get(id)));
  if (notices.length === 0) return 'not wanted';
  if (!(await mayMail(mail.partnerId))) return 'later';
  const id = `${userId}.${mail.notices[0]}.${mail.notices.length + more}`;
  return send({ to, ...mailOf(notices, { more, language: settings.language }), id });
}

function mailed(message: Message | 'recalled' | undefined): MailedNotice[] {
  if (message === undefined || message === 'recalled' || !isNoticeType(message.type)) return [];
  return [{ type: message.type, data: JSON.parse(message.dataText) }];
}
