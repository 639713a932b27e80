import type { Args } from '@anika/client/client';
import type { RouteContract } from '@anika/contracts/route';
import { elementTexts, memberText } from '@anika/core/json-text';
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { z } from 'zod';
import type { Answered, ApiProblem } from './api.ts';
import { useApi } from './api-context.ts';
import { type ApiCall, apiCall } from './snippets.ts';

type PageOf<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** How often what is shown is asked for again while somebody looks at it. */
export const REFRESH_MS = 5000;
/** A long list stays as it was read: all of its pages would be asked for again. */
const REFRESHED_PAGES = 2;

export type ListQuery<T> = {
  readonly items: readonly T[];
  readonly isLoading: boolean;
  readonly isFetching: boolean;
  readonly error: ApiProblem | null;
  readonly updatedAtMs: number;
  readonly more: (() => void) | undefined;
  readonly isLoadingMore: boolean;
  readonly refresh: () => void;
  /** What asks for it, for whoever wants it without the console. */
  readonly call?: ApiCall | undefined;
};

type ListOptions = { readonly enabled?: boolean; readonly refreshMs?: number | false };
type ItemsOptions<T> = ListOptions & {
  /** What is taken of an item, of which `text` is what was written of it, digits and all. */
  readonly take?: (item: T, text: string) => T;
};

/** A list of the API, page by page; kept while another one loads. */
export function useList<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, T>(
  route: RouteContract<P, Q, B, z.ZodType<PageOf<T>>>,
  call: Omit<Args<P, Q, B>[0] & object, 'signal'>,
  { enabled = true, refreshMs = REFRESH_MS, take }: ItemsOptions<T> = {},
): ListQuery<T> {
  const api = useApi();
  const found = useInfiniteQuery<
    PageOf<T>,
    ApiProblem,
    InfiniteData<PageOf<T>>,
    readonly unknown[],
    string | undefined
  >({
    queryKey: [route.id, 'list', call],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...queryOf(call), ...(pageParam !== undefined && { cursor: pageParam }) };
      const args = [{ ...call, query, signal }] as unknown as Args<P, Q, B>;
      const { data, text } = await api.ask(route, ...args);
      if (take === undefined) return data;
      const texts = elementTexts(memberText(text, 'items') ?? '[]');
      return { ...data, items: data.items.map((item, at) => take(item, texts[at] ?? 'null')) };
    },
    initialPageParam: undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > REFRESHED_PAGES ? false : refreshMs),
    enabled,
  });
  return {
    items: found.data?.pages.flatMap(({ items }) => items) ?? [],
    isLoading: found.isPending && enabled,
    isFetching: found.isFetching,
    error: found.error,
    updatedAtMs: found.dataUpdatedAt,
    more: found.hasNextPage ? () => void found.fetchNextPage() : undefined,
    isLoadingMore: found.isFetchingNextPage,
    refresh: () => void found.refetch(),
    call: apiCall(route, ...([call] as unknown as Args<P, Q, B>)),
  };
}

function queryOf(call: object): object {
  return 'query' in call && typeof call.query === 'object' && call.query !== null ? call.query : {};
}

export type OneQuery<T> = {
  readonly data: T | undefined;
  /** The answer as it was written, digits and all. */
  readonly text: string | undefined;
  readonly isLoading: boolean;
  readonly isFetching: boolean;
  readonly error: ApiProblem | null;
  readonly updatedAtMs: number;
  readonly refresh: () => void;
};

type OneOptions = ListOptions & { readonly staleMs?: number };

/** One thing of the API. */
export function useOne<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
  route: RouteContract<P, Q, B, S>,
  call: Args<P, Q, B>,
  { enabled = true, refreshMs = false, staleMs }: OneOptions = {},
): OneQuery<z.output<S>> {
  const api = useApi();
  const found = useQuery<Answered<z.output<S>>, ApiProblem>({
    queryKey: [route.id, 'one', call[0] ?? {}],
    queryFn: ({ signal }) => api.ask(route, ...([{ ...call[0], signal }] as unknown as Args<P, Q, B>)),
    refetchInterval: refreshMs,
    enabled,
    ...(staleMs !== undefined && { staleTime: staleMs }),
  });
  return {
    data: found.data?.data,
    text: found.data?.text,
    isLoading: found.isPending && enabled,
    isFetching: found.isFetching,
    error: found.error,
    updatedAtMs: found.dataUpdatedAt,
    refresh: () => void found.refetch(),
  };
}

export type Write<A extends readonly unknown[], T> = {
  /** Undefined when it was refused: then `error` says why. */
  readonly run: (...call: A) => Promise<{ readonly data: T } | undefined>;
  readonly busy: boolean;
  readonly error: ApiProblem | null;
  readonly data: T | undefined;
  readonly reset: () => void;
};

/** Changes something; `stale` are the routes whose answers are others then. */
export function useWrite<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, S extends z.ZodType>(
  route: RouteContract<P, Q, B, S>,
  stale: readonly RouteContract[],
): Write<Args<P, Q, B>, z.output<S>> {
  const api = useApi();
  const cache = useQueryClient();
  const names = stale.map(({ id }) => id);
  const write = useMutation<z.output<S>, ApiProblem, Args<P, Q, B>>({
    mutationFn: async (call) => (await api.ask(route, ...call)).data,
    onSuccess: () =>
      cache.invalidateQueries({ predicate: ({ queryKey: [name] }) => names.some((id) => id === name) }),
  });
  return {
    run: (...call) =>
      write.mutateAsync(call).then(
        (data) => ({ data }),
        () => undefined,
      ),
    busy: write.isPending,
    error: write.error,
    data: write.data,
    reset: write.reset,
  };
}
