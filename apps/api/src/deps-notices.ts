import { createNoticeSettingsStore } from '@anika/stores/postgres/notice-settings';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createListNotices } from './notices/list-notices.ts';
import { createNoticeSettings } from './notices/notice-settings.ts';
import { noticeRoutes, noticeSettingsRoutes } from './notices/notices.routes.ts';

/** Of the messages part: notices are messages. */
export function composeNotices({ searchLimit, searchMessages }: Infrastructure): BoundRoute[] {
  return noticeRoutes(
    createListNotices({
      search: (search, partnerId) => searchLimit.run(partnerId, () => searchMessages(search)),
    }),
  );
}

/** Of the auth part: a user's own settings. */
export function composeNoticeSettings({ postgres, clock }: Infrastructure): BoundRoute[] {
  const settings = createNoticeSettings({ store: createNoticeSettingsStore(postgres), clock });
  return noticeSettingsRoutes(settings);
}
