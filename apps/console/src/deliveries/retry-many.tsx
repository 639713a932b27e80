import { retryDelivery } from '@anika/contracts/deliveries';
import type { DeliveryState } from '@anika/core/delivery/delivery';
import { DONE_FROM } from '@anika/core/delivery/transition';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { ApiProblem } from '../api/api.ts';
import { useApi } from '../api/api-context.ts';
import { apiCall } from '../api/snippets.ts';
import { useText } from '../i18n/use-text.ts';
import { Saved } from '../ui/saved.tsx';
import type { Selection } from '../ui/table.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { OF_DELIVERIES } from './stale.ts';

const STALE = new Set(OF_DELIVERIES.map(({ id }) => id));

/** Which rows are chosen. */
export function useSelected(): Selection & { readonly clear: () => void } {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  return {
    selected,
    toggle: useCallback(
      (key) =>
        setSelected((before) => {
          const after = new Set(before);
          if (!after.delete(key)) after.add(key);
          return after;
        }),
      [],
    ),
    clear: () => setSelected(new Set()),
  };
}

type Outcome = { readonly started: number; readonly refused: number };

/** One after the other; one that is refused does not stop the others. */
function useRetryMany() {
  const api = useApi();
  const cache = useQueryClient();
  return useMutation<Outcome, ApiProblem, readonly string[]>({
    mutationFn: async (ids) => {
      let refused: ApiProblem | undefined;
      let started = 0;
      for (const id of ids) {
        try {
          await api.ask(retryDelivery, { params: { id } });
          started += 1;
        } catch (error) {
          if (!(error instanceof ApiProblem)) throw error;
          refused = error;
        }
      }
      if (started === 0 && refused !== undefined) throw refused;
      return { started, refused: ids.length - started };
    },
    onSettled: () =>
      cache.invalidateQueries({ predicate: ({ queryKey: [name] }) => STALE.has(String(name)) }),
  });
}

type Props = {
  readonly deliveries: readonly { readonly id: string; readonly state: DeliveryState }[];
  readonly selection: ReturnType<typeof useSelected>;
};

/** Tries again what is chosen of a list, after saying how much of it can be. */
export function RetryMany({ deliveries, selection: { selected, clear } }: Props) {
  const text = useText();
  const retry = useRetryMany();
  const chosen = deliveries.filter(({ id }) => selected.has(id));
  const ids = chosen.filter(({ state }) => DONE_FROM.retry.includes(state)).map(({ id }) => id);
  const [example] = ids;
  const why = selected.size === 0 ? 'bulk.none' : 'bulk.noneFits';
  async function run() {
    const done = await retry.mutateAsync(ids).catch(() => undefined);
    if (done !== undefined) clear();
    return done;
  }
  return (
    <div className="bulk">
      <span role="status">{text('bulk.selected', { count: chosen.length })}</span>
      <WideAction
        label={text('bulk.retry')}
        keys="r"
        title={text('bulk.retryTitle')}
        effect={<p>{text('bulk.retryEffect', { count: ids.length, all: chosen.length })}</p>}
        disabledBecause={ids.length === 0 ? text(why) : undefined}
        busy={retry.isPending}
        problem={retry.error}
        run={run}
        call={example === undefined ? undefined : apiCall(retryDelivery, { params: { id: example } })}
      />
      {retry.data !== undefined && <Saved>{text('bulk.retried', retry.data)}</Saved>}
    </div>
  );
}
