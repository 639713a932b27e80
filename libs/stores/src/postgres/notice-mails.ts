import type { Role } from '@anika/core/access';
import type { MessageId, PartnerId, UserId } from '@anika/core/ids';
import type { MailSettings } from '@anika/core/notice/mail-settings';
import type { Postgres } from './client.ts';
import { readMailSettings } from './notice-settings.ts';

/** A mail that is due. Its notices and what is `more` than them stay until it is settled. */
export type DueMail = {
  readonly userId: UserId;
  readonly partnerId: PartnerId;
  readonly email: string;
  readonly settings: MailSettings;
  readonly companyActive: boolean;
  /** Oldest first. */
  readonly notices: readonly MessageId[];
  readonly more: number;
  /** Tries before this one. */
  readonly tries: number;
};

type Row = Omit<DueMail, 'settings' | 'companyActive'> & {
  role: Role;
  status: string;
  noticeSettings: unknown;
};

/** Who dies while sending leaves the mail to others for so long. */
const CLAIM_MS = 120_000;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

export type NoticeMailStore = ReturnType<typeof createNoticeMailStore>;

export function createNoticeMailStore({ db }: Postgres) {
  return {
    /** Mails that are due, for this process alone until they are settled. */
    async claimDue(nowMs: number, limit: number): Promise<DueMail[]> {
      const now = iso(nowMs);
      const rows = await db.$queryRaw<Row[]>`
        UPDATE notice_mails m SET claimed_until = ${iso(nowMs + CLAIM_MS)}::timestamptz
        FROM users u JOIN partners p ON p.id = u.partner_id
        WHERE u.id = m.user_id AND m.user_id IN (
          SELECT user_id FROM notice_mails
          WHERE due_at <= ${now}::timestamptz
            AND (claimed_until IS NULL OR claimed_until <= ${now}::timestamptz)
          ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        RETURNING m.user_id AS "userId", u.partner_id AS "partnerId", u.email, u.role, u.notice_settings AS "noticeSettings", p.status,
          m.waiting AS notices, m.more, m.tries`;
      return rows.map(({ role, status, noticeSettings, ...mail }) => ({
        ...mail,
        settings: readMailSettings(noticeSettings, role),
        companyActive: status === 'active',
      }));
    },

    /** Sent, or given up. What has come meanwhile is due at `nextMs`. */
    async settle({ userId, notices, more }: DueMail, { nowMs, nextMs }: { nowMs: number; nextMs: number }) {
      await db.$executeRaw`
        UPDATE notice_mails SET
          waiting = waiting[(${notices.length + 1})::int : ], more = more - ${more}::int, tries = 0, claimed_until = NULL,
          sent_at = ${iso(nowMs)}::timestamptz,
          due_at = CASE WHEN cardinality(waiting) > ${notices.length} OR more > ${more}
            THEN ${iso(nextMs)}::timestamptz END
        WHERE user_id = ${userId}`;
    },

    async postpone({ userId }: DueMail, { atMs, tries }: { atMs: number; tries: number }): Promise<void> {
      await db.$executeRaw`
        UPDATE notice_mails SET tries = ${tries}, due_at = ${iso(atMs)}::timestamptz, claimed_until = NULL
        WHERE user_id = ${userId}`;
    },
  };
}
