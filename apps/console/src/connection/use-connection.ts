import { meta } from '@anika/contracts/meta';
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '../api/api.ts';
import { useOne } from '../api/use-api.ts';
import { askReadiness, type Readiness } from './readiness.ts';

const READINESS = ['readyz'];
const FINE_EVERY_MS = 10_000;
const AWAY_EVERY_MS = 2000;
const META_EVERY_MS = 15_000;
/** How long is said that all is well again. */
const BACK_MS = 8000;

export type Connection =
  | { readonly kind: 'fine' }
  /** All is well again, and everything has been asked for anew. */
  | { readonly kind: 'back' }
  | { readonly kind: 'away' | 'no-dispatcher'; readonly sinceMs: number }
  | { readonly kind: 'stores'; readonly missing: readonly string[]; readonly sinceMs: number };

/** Whether the api, its stores and a dispatcher are there; when they are again, what is shown is asked for anew. */
export function useConnection(): Connection {
  const cache = useQueryClient();
  const readiness = useReadiness(cache);
  const dispatcherIsAway = useDispatcherIsAway();
  const trouble = troubleOf(readiness, dispatcherIsAway);
  const [sinceMs, setSinceMs] = useState(0);
  const [isBack, setBack] = useState(false);
  const before = useRef(trouble);
  useEffect(() => {
    const wasAway = before.current !== undefined;
    before.current = trouble;
    setSinceMs(Date.now());
    if (trouble !== undefined || !wasAway) return;
    setBack(true);
    void cache.invalidateQueries();
    const timer = setTimeout(() => setBack(false), BACK_MS);
    return () => clearTimeout(timer);
  }, [trouble, cache]);

  if (trouble === undefined) return { kind: isBack ? 'back' : 'fine' };
  if (trouble === 'away' || trouble === 'no-dispatcher') return { kind: trouble, sinceMs };
  return { kind: 'stores', missing: trouble.split(' '), sinceMs };
}

/** In one text, so that a change is one. */
function troubleOf(readiness: Readiness, dispatcherIsAway: boolean): string | undefined {
  if (readiness.kind === 'away') return 'away';
  if (readiness.missing.length > 0) return readiness.missing.join(' ');
  return dispatcherIsAway ? 'no-dispatcher' : undefined;
}

/** Asked now and then, and as soon as anything else gets no answer. */
function useReadiness(cache: QueryClient): Readiness {
  const { data = { kind: 'answers', missing: [] } } = useQuery<Readiness>({
    queryKey: READINESS,
    queryFn: ({ signal }) => askReadiness(signal),
    refetchInterval: ({ state }) => (isFine(state.data) ? FINE_EVERY_MS : AWAY_EVERY_MS),
    networkMode: 'always',
    retry: false,
    staleTime: 0,
  });
  useEffect(() => {
    const look = (error: unknown) => {
      const isAway = error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
      if (isAway && isFine(cache.getQueryData(READINESS))) void cache.refetchQueries({ queryKey: READINESS });
    };
    const unfollow = [
      cache.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated') return;
        if (event.action.type === 'error' || event.action.type === 'failed') look(event.action.error);
      }),
      cache.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') look(event.action.error);
      }),
    ];
    return () => {
      for (const stop of unfollow) stop();
    };
  }, [cache]);
  return data;
}

function isFine(readiness: Readiness | undefined): boolean {
  return readiness === undefined || (readiness.kind === 'answers' && readiness.missing.length === 0);
}

/** The schedule of retries is the dispatchers': the installation has none while it has none of them. */
function useDispatcherIsAway(): boolean {
  const { data } = useOne(meta, [], { refreshMs: META_EVERY_MS });
  return data?.retrySchedule === null;
}
