import { listTopicGrants } from '@anika/contracts/grants';
import { useQueries } from '@tanstack/react-query';
import type { ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { everyPage } from '../api/every-page.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { useTopics } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { GrantTable } from './grant-table.tsx';
import type { Grant } from './terms.ts';

const REFRESH_MS = 15_000;

/** Of all own topics: the API lists them by topic. */
export function useGivenGrants() {
  const api = useApi();
  const { partnerId } = useSession();
  const own = [...useTopics().values()].filter(({ owner }) => owner.id === partnerId);
  return useQueries({
    queries: own.map(({ id }) => ({
      queryKey: [listTopicGrants.id, 'all', id],
      queryFn: () =>
        everyPage((cursor) =>
          api.ask(listTopicGrants, {
            params: { id },
            query: { limit: 200, ...(cursor !== undefined && { cursor }) },
          }),
        ),
      refetchInterval: REFRESH_MS,
    })),
    combine: (results) => ({
      items: results.flatMap<Grant>(({ data }) => data ?? []),
      isLoading: results.some(({ isPending }) => isPending),
      isFetching: results.some(({ isFetching }) => isFetching),
      error: (results.find(({ error }) => error !== null)?.error ?? null) as ApiProblem | null,
      updatedAtMs: Math.min(...results.map(({ dataUpdatedAt }) => dataUpdatedAt), Date.now()),
      more: undefined,
      isLoadingMore: false,
      refresh: () => {
        for (const { refetch } of results) void refetch();
      },
    }),
  });
}

export function GivenGrants() {
  const text = useText();
  return (
    <GrantTable
      list={useGivenGrants()}
      who="both"
      empty={<Empty icon="access" title={text('access.noneGiven')} hint={text('access.noneGivenHint')} />}
    />
  );
}
