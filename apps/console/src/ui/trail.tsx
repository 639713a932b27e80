import { isAnyId } from '@anika/core/ids';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { createContext, type MouseEvent, useCallback, useContext, useMemo, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from './button.tsx';

/** The addresses of the list that one came from, in its order. */
export type Trail = {
  readonly addresses: readonly string[];
  /** To the one after this page in that list, or before it. */
  readonly go: (step: 1 | -1) => void;
};

const TrailContext = createContext<Trail>({ addresses: [], go: () => undefined });
export const TrailProvider = TrailContext.Provider;

/** Where this page is in the list one came from; -1: it is not in it. */
function usePlace(addresses: readonly string[]): number {
  const { basepath } = useRouter();
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  return addresses.findIndex((address) => address.split('?')[0] === basepath + pathname);
}

/** Remembers the list out of which something is opened. */
export function useTrail(): { readonly trail: Trail; readonly onClickCapture: (event: MouseEvent) => void } {
  const { history } = useRouter();
  const [addresses, setAddresses] = useState<readonly string[]>([]);
  const at = usePlace(addresses);
  const go = useCallback(
    (step: 1 | -1) => {
      const next = at === -1 ? undefined : addresses[at + step];
      if (next !== undefined) history.push(next);
    },
    [addresses, at, history],
  );
  const onClickCapture = useCallback((event: MouseEvent) => {
    const found = listAround(event.target);
    if (found !== undefined) setAddresses(found);
  }, []);
  return { trail: useMemo(() => ({ addresses, go }), [addresses, go]), onClickCapture };
}

/** The address of a thing has its id among its parts. */
function isOfAThing(address: string): boolean {
  return (address.split('?')[0] ?? '').split('/').some(isAnyId);
}

/** What the rows of the table lead to, when this is the link that a row is opened by. */
function listAround(target: EventTarget): readonly string[] | undefined {
  const link = target instanceof Element ? target.closest('a[href]') : null;
  const row = link?.closest('tbody > tr');
  if (row == null || row.querySelector('a[href]') !== link) return undefined;
  const rows = [...(row.parentElement?.children ?? [])];
  const addresses = rows.flatMap((one) => one.querySelector('a[href]')?.getAttribute('href') ?? []);
  // Links by which something is made of a row are no list of things.
  return addresses.every(isOfAThing) ? addresses : undefined;
}

/** Previous and next of the list that one came from. */
export function Neighbours() {
  const text = useText();
  const { addresses, go } = useContext(TrailContext);
  const at = usePlace(addresses);
  if (at === -1 || addresses.length < 2) return null;
  return (
    <span className="neighbours">
      <IconButton
        icon="back"
        label={text('trail.previous')}
        keys="["
        disabled={at === 0}
        onPress={() => go(-1)}
      />
      {text('trail.place', { place: at + 1, count: addresses.length })}
      <IconButton
        icon="next"
        label={text('trail.next')}
        keys="]"
        disabled={at === addresses.length - 1}
        onPress={() => go(1)}
      />
    </span>
  );
}
