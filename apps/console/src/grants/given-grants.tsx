import { listTopicGrants } from '@anika/contracts/grants';
import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { everyPage } from '../api/every-page.ts';
import { apiCall } from '../api/snippets.ts';
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
  const [first] = own;
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
      // One topic after the other: this is what asks for the first.
      call:
        first === undefined
          ? undefined
          : apiCall(listTopicGrants, { params: { id: first.id }, query: { limit: 200 } }),
      isLoadingMore: false,
      refresh: () => {
        for (const { refetch } of results) void refetch();
      },
    }),
  });
}

type Props = {
  /** Only to this company. */
  readonly partnerId: string | undefined;
  readonly filters: ReactNode;
};

export function GivenGrants({ partnerId, filters }: Props) {
  const text = useText();
  const list = useGivenGrants();
  const items = list.items.filter((one) => partnerId === undefined || one.partnerId === partnerId);
  return (
    <GrantTable
      list={{ ...list, items }}
      filters={filters}
      who="both"
      empty={<Empty icon="access" title={text('access.noneGiven')} hint={text('access.noneGivenHint')} />}
    />
  );
}
