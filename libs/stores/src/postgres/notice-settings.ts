import type { Role } from '@anika/core/access';
import type { PartnerId, UserId } from '@anika/core/ids';
import {
  defaultMailSettings,
  MAIL_LANGUAGES,
  MAIL_RHYTHMS,
  type MailSettings,
} from '@anika/core/notice/mail-settings';
import { isNoticeType, type NoticeType } from '@anika/core/notice/notice';
import { z } from 'zod';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres } from './client.ts';
import { readRole } from './user-row.ts';

/** What somebody has said; what is left out follows the role. */
const stored = z.object({
  email: z.enum(MAIL_RHYTHMS).optional(),
  types: z.array(z.string()).optional(),
  language: z.enum(MAIL_LANGUAGES).optional(),
});

/** `null` takes back what was said. */
export type MailSettingsPatch = {
  readonly email?: MailSettings['email'] | null | undefined;
  readonly types?: readonly NoticeType[] | null | undefined;
  readonly language?: NonNullable<MailSettings['language']> | null | undefined;
};

export function readMailSettings(column: unknown, role: Role): MailSettings {
  const { types, ...said } = stored.parse(column ?? {});
  return {
    ...defaultMailSettings(role),
    ...said,
    // A type of a newer version, read by an older one, is none.
    ...(types !== undefined && { types: types.filter(isNoticeType) }),
  };
}

export type NoticeSettingsStore = ReturnType<typeof createNoticeSettingsStore>;

export function createNoticeSettingsStore(postgres: Postgres) {
  return {
    /** Undefined: the partner has no such user. */
    async find(id: UserId, partnerId: PartnerId): Promise<MailSettings | undefined> {
      const row = await postgres.db.user.findFirst({
        where: { id, partnerId },
        select: { role: true, noticeSettings: true },
      });
      return row === null ? undefined : readMailSettings(row.noticeSettings, readRole(row.role));
    },

    /** Undefined: the partner has no such user. */
    update(
      id: UserId,
      patch: MailSettingsPatch,
      change: Change & { readonly partnerId: PartnerId },
    ): Promise<MailSettings | undefined> {
      return postgres.transaction(async (tx) => {
        await tx.$queryRaw`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`;
        const row = await tx.user.findFirst({ where: { id, partnerId: change.partnerId } });
        if (row === null) return undefined;
        const noticeSettings = changed(stored.parse(row.noticeSettings ?? {}), patch);
        await tx.user.update({ where: { id }, data: { noticeSettings, updatedAt: row.updatedAt } });
        const role = readRole(row.role);
        const after = readMailSettings(noticeSettings, role);
        await appendAudit(tx, {
          ...auditedBy(change),
          action: 'user.notice-settings-changed',
          subjectId: id,
          partnerIds: [change.partnerId],
          before: auditView(readMailSettings(row.noticeSettings, role)),
          after: auditView(after),
        });
        return after;
      });
    },
  };
}

/** What is not named stays, `null` takes away. */
function changed(said: z.output<typeof stored>, patch: MailSettingsPatch) {
  const named = Object.entries(patch).filter(([, value]) => value !== undefined);
  const all = Object.entries({ ...said, ...Object.fromEntries(named) });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

function auditView({ email, types, language }: MailSettings) {
  return { email, types: [...types], language: language ?? null };
}
