import { stats } from '@anika/contracts/stats';
import { useQueries, useQuery } from '@tanstack/react-query';
import type { Api, ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { growsFromMs, type Range, type Span, spanOf } from './range.ts';
import type { Figures, FiguresOf } from './read-figures.ts';

/** They are counted once a minute; somebody who waits for the next count should not wait much longer. */
const REFRESH_MS = 15_000;

export type Loaded = {
  readonly figures: Figures;
  readonly span: Span;
  /** What is later may still grow. */
  readonly growsFromMs: number;
};

export type FiguresQuery = {
  readonly data: Loaded | undefined;
  readonly isFetching: boolean;
  readonly error: ApiProblem | null;
  readonly updatedAtMs: number;
  readonly refresh: () => void;
};

type Asked = { readonly of: FiguresOf; readonly range: Range };

function figuresQuery(api: Api, { of, range }: Asked) {
  return {
    queryKey: [stats.id, JSON.stringify(of), range] as const,
    queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<Loaded> => {
      const nowMs = Date.now();
      const span = spanOf(range, nowMs);
      const { step } = span;
      const [from, to] = [new Date(span.fromMs).toISOString(), new Date(span.toMs).toISOString()];
      const { data } = await api.ask(stats, { query: { ...of, from, to, step }, signal });
      return { figures: data, span, growsFromMs: growsFromMs(span, nowMs) };
    },
  };
}

/** Of several at once, in their order; undefined where none are there yet. */
export function useAllFigures(asked: readonly Asked[]): readonly (Figures | undefined)[] {
  const api = useApi();
  return useQueries({
    queries: asked.map((one) => figuresQuery(api, one)),
    combine: (found) => found.map(({ data }) => data?.figures),
  });
}

/** Figures of a time; one that goes along with the clock is asked for again and again. */
export function useFigures(
  of: FiguresOf,
  range: Range,
  { enabled = true, refreshMs = REFRESH_MS } = {},
): FiguresQuery {
  const api = useApi();
  const asked = figuresQuery(api, { of, range });
  const [, whose] = asked.queryKey;
  const found = useQuery<Loaded, ApiProblem, Loaded, typeof asked.queryKey>({
    ...asked,
    // While another time loads the present one stays; figures of somebody else do not.
    placeholderData: (before, query) => (query?.queryKey[1] === whose ? before : undefined),
    refetchInterval: range.kind === 'last' ? refreshMs : false,
    enabled,
  });
  return {
    data: found.data,
    isFetching: found.isFetching,
    error: found.error,
    updatedAtMs: found.dataUpdatedAt,
    refresh: () => void found.refetch(),
  };
}
