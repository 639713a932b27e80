import type { PartnerCaller } from '@anika/core/access';
import { notFound } from '@anika/core/failures';
import type { UserId } from '@anika/core/ids';
import type { MailSettings } from '@anika/core/notice/mail-settings';
import type { MailSettingsPatch, NoticeSettingsStore } from '@anika/stores/postgres/notice-settings';
import { existing } from '../http/path-id.ts';

export type NoticeSettingsNeeds = {
  readonly store: NoticeSettingsStore;
  readonly clock: { now(): number };
};

export type NoticeSettings = ReturnType<typeof createNoticeSettings>;

/** Which notices a user gets by e-mail: everybody says so for themselves, an admin for the whole company. */
export function createNoticeSettings({ store, clock }: NoticeSettingsNeeds) {
  function checkMay(id: UserId, by: PartnerCaller): void {
    if (id !== by.userId && by.role !== 'admin') throw notFound('user');
  }

  return {
    async get(id: UserId, by: PartnerCaller): Promise<MailSettings> {
      checkMay(id, by);
      return existing(await store.find(id, by.partnerId), 'usr');
    },

    async update(id: UserId, patch: MailSettingsPatch, by: PartnerCaller): Promise<MailSettings> {
      checkMay(id, by);
      const types = patch.types && [...new Set(patch.types)];
      const change = { by, atMs: clock.now(), partnerId: by.partnerId };
      return existing(await store.update(id, { ...patch, types }, change), 'usr');
    },
  };
}
