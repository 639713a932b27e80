import * as contract from '@anika/contracts/notices';
import type { Message } from '@anika/core/message';
import type { MailSettings } from '@anika/core/notice/mail-settings';
import { partnerCaller } from '../http/check-access.ts';
import { decodeTimeCursor, encodeTimeCursor, pageOf } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, rangeOf } from '../http/times.ts';
import type { ListNotices } from './list-notices.ts';
import type { NoticeSettings } from './notice-settings.ts';

function noticeView({ id, type, acceptedAtMs, dataText }: Message) {
  return { id, type, acceptedAt: iso(acceptedAtMs), data: JSON.parse(dataText) };
}

export function noticeRoutes(list: ListNotices): BoundRoute[] {
  return [
    bindRoute(contract.listNotices, async ({ query, caller }) => {
      const after = decodeTimeCursor(query.cursor);
      const wanted = { type: query.type, ...rangeOf(query), after, limit: query.limit + 1 };
      const { messages, next } = await list(wanted, partnerCaller(caller));
      const page = pageOf(messages, query.limit, { cursor: encodeTimeCursor, view: noticeView });
      // What the store has not looked at in time is on the next page.
      return { body: { ...page, nextCursor: page.nextCursor ?? (next ? encodeTimeCursor(next) : null) } };
    }),
  ];
}

function settingsView({ email, types, language }: MailSettings) {
  return { email, types, language: language ?? null };
}

export function noticeSettingsRoutes(settings: NoticeSettings): BoundRoute[] {
  return [
    bindRoute(contract.getNoticeSettings, async ({ params, caller }) => ({
      body: settingsView(await settings.get(pathId('usr', params.id), partnerCaller(caller))),
    })),
    bindRoute(contract.updateNoticeSettings, async ({ params, body, caller }) => ({
      body: settingsView(await settings.update(pathId('usr', params.id), body, partnerCaller(caller))),
    })),
  ];
}
