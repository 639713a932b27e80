import { catalog, listTopics, type topic } from '@anika/contracts/topics';
import { isId } from '@anika/core/ids';
import { isNoticesTopic } from '@anika/core/notice/notice';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { useApi } from '../api/api-context.ts';
import { ASKED_ONCE } from '../api/asked-once.ts';
import { everyPage } from '../api/every-page.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { Id } from '../ui/id.tsx';
import { Visible } from '../ui/visible.tsx';

export type Topic = z.output<typeof topic>;

const STALE_MS = 30_000;
const NONE: ReadonlyMap<string, Topic> = new Map();
const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Own topics and granted ones, by id. */
export function useTopics(): ReadonlyMap<string, Topic> {
  const api = useApi();
  const { partnerId } = useSession();
  const { data } = useQuery({
    queryKey: [listTopics.id, 'names'],
    queryFn: async () => {
      const items = await everyPage((cursor) =>
        api.ask(listTopics, { query: { limit: 200, ...(cursor !== undefined && { cursor }) } }),
      );
      return new Map(items.map((item) => [item.id, item]));
    },
    staleTime: STALE_MS,
    enabled: partnerId !== null,
  });
  return data ?? NONE;
}

/** The own topic of what ANIKA tells, which is in no list of topics. */
function isNotices(topicId: string, partnerId: string | null): boolean {
  if (partnerId === null || !isId('par', partnerId) || !isId('top', topicId)) return false;
  return isNoticesTopic(topicId, partnerId);
}

/** One that the catalogue shows and that nobody has let the company read; one walk through it is for all of them. */
function ListedName({ id }: { readonly id: string }) {
  const api = useApi();
  const { partnerId } = useSession();
  const { data: names = NO_NAMES } = useQuery({
    queryKey: [catalog.id, 'names'],
    queryFn: async () => {
      const items = await everyPage((cursor) =>
        api.ask(catalog, { query: { limit: 200, ...(cursor !== undefined && { cursor }) } }),
      );
      return new Map(items.map((item) => [item.id, item.name]));
    },
    ...ASKED_ONCE,
    enabled: partnerId !== null,
  });
  const name = names.get(id);
  return name === undefined ? <Id value={id} short /> : <Visible text={name} />;
}

/** Its name, leading to its page where it may be read; its id where nothing is known of it (any more). */
export function TopicName({ id }: { readonly id: string }) {
  const text = useText();
  const { partnerId } = useSession();
  const topics = useTopics();
  if (isNotices(id, partnerId)) return <Link to="/notices">{text('topic.notices')}</Link>;
  const known = topics.get(id);
  // Before the own ones are read nothing says that it is none of them.
  if (known === undefined) return topics === NONE ? <Id value={id} short /> : <ListedName id={id} />;
  return (
    <Link to="/topics/$topicId" params={{ topicId: id }}>
      {known.name}
    </Link>
  );
}
