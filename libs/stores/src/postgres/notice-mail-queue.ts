import type { Role } from '@anika/core/access';
import type { PartnerId, UserId } from '@anika/core/ids';
import { isMailed, MAIL_EVERY_MS, MAIL_NOTICES_MAX, mailDueMs } from '@anika/core/notice/mail-settings';
import type { KeptNotice } from '@anika/core/notice/notice';
import type { Tx } from './client.ts';
import { readMailSettings } from './notice-settings.ts';

type UserRow = { id: UserId; partnerId: PartnerId; role: Role; noticeSettings: unknown };
type Queued = { userId: string; waiting: string[]; more: number; dueAt: string };

/**
 * Queues e-mails about notices, in the transaction that notes that these were told: each is queued once, whoever dies.
 * What is queued for a user is one mail; beyond what that lists it is only counted.
 */
export async function queueNoticeMails(tx: Tx, notices: readonly KeptNotice[], nowMs: number): Promise<void> {
  const partnerIds = [...new Set(notices.map(({ partnerId }) => partnerId))];
  if (partnerIds.length === 0) return;
  const users = await tx.$queryRaw<UserRow[]>`
    SELECT id, partner_id AS "partnerId", role, notice_settings AS "noticeSettings"
    FROM users WHERE partner_id = ANY(${partnerIds}::text[])`;
  const queued = users.flatMap((user) => queuedFor(user, notices, nowMs));
  if (queued.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO notice_mails AS m (user_id, waiting, more, due_at)
    SELECT "userId", waiting, more, "dueAt"
    FROM jsonb_to_recordset(${JSON.stringify(queued)}::jsonb)
      AS q("userId" text, waiting text[], more int, "dueAt" timestamptz)
    ON CONFLICT (user_id) DO UPDATE SET
      waiting = (m.waiting || excluded.waiting)[1:${MAIL_NOTICES_MAX}::int],
      more = m.more + excluded.more
        + GREATEST(0, cardinality(m.waiting) + cardinality(excluded.waiting) - ${MAIL_NOTICES_MAX}),
      due_at = COALESCE(m.due_at,
        GREATEST(excluded.due_at, m.sent_at + make_interval(secs => ${MAIL_EVERY_MS / 1000}::float8)))`;
}

function queuedFor(user: UserRow, notices: readonly KeptNotice[], nowMs: number): Queued[] {
  const settings = readMailSettings(user.noticeSettings, user.role);
  const mailed = notices.filter(
    (notice) => notice.partnerId === user.partnerId && isMailed(settings, user.id, notice),
  );
  if (mailed.length === 0) return [];
  const waiting = mailed.slice(0, MAIL_NOTICES_MAX).map(({ messageId }) => messageId);
  const dueAt = new Date(mailDueMs(settings.email, nowMs)).toISOString();
  return [{ userId: user.id, waiting, more: mailed.length - waiting.length, dueAt }];
}
