import type { PartnerCaller } from '@anika/core/access';
import type { PartnerId } from '@anika/core/ids';
import { type NoticeType, noticesTopicOf } from '@anika/core/notice/notice';
import type { MessageSearch, SearchPage } from '@anika/stores/mongo/message-search';

export type ListNoticesNeeds = {
  /** Of one company so many at once. */
  readonly search: (search: MessageSearch, partnerId: PartnerId) => Promise<SearchPage>;
};

export type NoticeQuery = Pick<MessageSearch, 'fromMs' | 'toMs' | 'after' | 'limit'> & {
  readonly type: NoticeType | undefined;
};

export type ListNotices = (query: NoticeQuery, by: PartnerCaller) => Promise<SearchPage>;

/** The notices of the caller's own company, newest first: nobody else's have a way in here. */
export function createListNotices({ search }: ListNoticesNeeds): ListNotices {
  return async (query, { partnerId }) => {
    const scopes = [{ topicId: noticesTopicOf(partnerId), filters: [] }];
    return search({ ...query, scopes }, partnerId);
  };
}
