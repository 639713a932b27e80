import { listMyGrants, listTopicGrants } from '@anika/contracts/grants';
import { getTopic } from '@anika/contracts/topics';
import { useQuery } from '@tanstack/react-query';
import type { ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { everyPage } from '../api/every-page.ts';
import { useOne } from '../api/use-api.ts';
import { useSession } from '../session/session-context.ts';
import type { Topic } from '../topics/topic-name.tsx';
import type { Grant } from './terms.ts';

export type FoundGrant = {
  readonly topic: Topic | undefined;
  /** Undefined: there is none. */
  readonly grant: Grant | undefined;
  readonly isOwner: boolean;
  readonly isLoading: boolean;
  readonly error: ApiProblem | null;
  readonly refresh: () => void;
};

/** The grant between two companies, as either of them sees it at the same address. */
export function useGrant(topicId: string, partnerId: string): FoundGrant {
  const api = useApi();
  const { partnerId: own } = useSession();
  const topic = useOne(getTopic, [{ params: { id: topicId } }]);
  // A reader whose grant has ended sees the grant, but not the topic any more.
  const isReader = partnerId === own;
  const isOwner = topic.data?.owner.id === own;
  const found = useQuery<Grant | null, ApiProblem>({
    queryKey: [isReader ? listMyGrants.id : listTopicGrants.id, 'of', topicId, partnerId],
    queryFn: async () => {
      const items = await everyPage((cursor) => {
        const query = { limit: 200, ...(cursor !== undefined && { cursor }) };
        if (isReader) return api.ask(listMyGrants, { query });
        return api.ask(listTopicGrants, { params: { id: topicId }, query });
      });
      return items.find((one) => one.topicId === topicId && one.partnerId === partnerId) ?? null;
    },
    enabled: isReader || isOwner,
  });
  const isLoading = isReader ? found.isPending : topic.isLoading || (isOwner && found.isPending);
  return {
    topic: topic.data,
    grant: found.data ?? undefined,
    isOwner,
    isLoading,
    // What is there stays while it cannot be asked for again: somebody may be writing terms below it.
    error:
      (found.data === undefined ? found.error : null) ??
      (isReader || topic.data !== undefined ? null : topic.error),
    refresh() {
      topic.refresh();
      void found.refetch();
    },
  };
}
