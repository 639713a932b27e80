import { searchMessages } from '@anika/contracts/messages';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { useApi } from '../api/api-context.ts';
import { useText } from '../i18n/use-text.ts';
import { usePartners } from '../partners/partner-name.tsx';
import { useSession } from '../session/session-context.ts';
import { doingText } from '../subscriptions/fails-since.ts';
import { titleOf, useSubscriptions } from '../subscriptions/subscription-name.tsx';
import { useTopics } from '../topics/topic-name.tsx';
import { findPage } from './find-page.ts';
import { fitting } from './fits.ts';
import type { PastedId } from './ids.ts';
import type { Option, OptionGroup } from './options.ts';

/** Of each kind so many are shown: whoever wants more has the lists. */
const SHOWN = 5;
/** Words of fewer letters are in too many messages. */
const WORDS_MIN = 3;
const WAIT_MS = 250;

/** Topics, companies and subscriptions by their names. */
export function useNamed(entered: string): readonly OptionGroup[] {
  const text = useText();
  const { partnerId } = useSession();
  const topics = [...useTopics().values()].map(
    ({ id, name, owner }): Option => ({
      key: id,
      name,
      note: owner.id === partnerId ? text('topic.weOwn') : owner.name,
      icon: 'topic',
      to: `/topics/${id}`,
    }),
  );
  const subscriptions = [...useSubscriptions().values()].map(
    (one): Option => ({
      key: one.id,
      name: titleOf(one),
      note: text(doingText(one, Date.now())),
      icon: 'subscription',
      to: `/subscriptions/${one.id}`,
    }),
  );
  const companies = [...usePartners()].map(
    ([id, name]): Option => ({
      key: id,
      name,
      icon: 'partners',
      to: partnerId === null ? '/partners' : id === partnerId ? '/developers' : `/access?partner=${id}`,
    }),
  );
  if (entered.trim() === '') return [];
  const best = (options: readonly Option[]) => fitting(entered, options).slice(0, SHOWN);
  return [
    { name: text('menu.topics'), options: best(topics) },
    { name: text('menu.subscriptions'), options: best(subscriptions) },
    { name: text('menu.partners'), options: best(companies) },
  ];
}

/** What has not changed for a moment. */
function useSettled(entered: string): string {
  const [settled, setSettled] = useState(entered);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(entered), WAIT_MS);
    return () => clearTimeout(timer);
  }, [entered]);
  return settled;
}

/** Messages that have these words in their data, the newest first; and the page that has all of them. */
export function useMessages(entered: string): { readonly group: OptionGroup; readonly isLooking: boolean } {
  const text = useText();
  const intl = useIntl();
  const api = useApi();
  const { partnerId } = useSession();
  const topics = useTopics();
  const words = entered.trim();
  const settled = useSettled(words);
  const isWanted = partnerId !== null && words.length >= WORDS_MIN;
  const { data = [], isFetching } = useQuery({
    queryKey: [searchMessages.id, 'palette', settled],
    queryFn: async ({ signal }) =>
      (await api.ask(searchMessages, { query: { q: settled, limit: SHOWN }, signal })).data.items,
    enabled: isWanted && settled === words,
    retry: false,
  });
  const found = data.map(
    ({ id, type, topicId, acceptedAt }): Option => ({
      key: id,
      name: type,
      note: `${topics.get(topicId)?.name ?? topicId} · ${intl.formatDate(acceptedAt, { dateStyle: 'medium', timeStyle: 'medium' })}`,
      icon: 'message',
      to: `/messages/${id}`,
    }),
  );
  const all: Option = {
    key: 'search',
    name: text('palette.searchMessages', { words }),
    icon: 'search',
    to: `/messages?q=${encodeURIComponent(words)}`,
  };
  return {
    group: { name: text('menu.messages'), options: isWanted ? [...found, all] : [] },
    isLooking: isWanted && (isFetching || settled !== words),
  };
}

/** The page of an id that was pasted. */
export function usePageOf(pasted: PastedId | undefined): {
  readonly group: OptionGroup;
  readonly isLooking: boolean;
} {
  const text = useText();
  const api = useApi();
  const session = useSession();
  const { data, isFetching } = useQuery({
    queryKey: ['palette', pasted?.id],
    queryFn: async () => (pasted === undefined ? null : ((await findPage(api, pasted, session)) ?? null)),
    enabled: pasted !== undefined,
  });
  const name = text('palette.byId');
  if (pasted === undefined || data == null) return { group: { name, options: [] }, isLooking: isFetching };
  const note = text(`palette.kind.${pasted.kind}`);
  const option: Option = { key: pasted.id, name: pasted.id, note, icon: 'next', to: data };
  return { group: { name, options: [option] }, isLooking: false };
}
