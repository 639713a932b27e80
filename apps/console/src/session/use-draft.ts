import { useState } from 'react';
import { z } from 'zod';
import { useSession } from './session-context.ts';

/** In the storage of the tab: it is gone with the tab, and with whoever signs out. */
const PREFIX = 'anika.draft.';

export type Draft<T> = {
  readonly value: T;
  readonly set: (value: T) => void;
  /** It was sent: nothing of it is kept any more. */
  readonly clear: () => void;
  /** It is not wanted: what there was first is there again. */
  readonly discard: () => void;
  /** It is of before the page was loaded. */
  readonly isRestored: boolean;
};

const stored = z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())]));

/** What was kept of fields with these names; undefined where it is none, or of other fields. */
export function readDraft<T extends object>(text: string | null, first: T): T | undefined {
  try {
    const parsed = stored.safeParse(JSON.parse(text ?? 'null'));
    if (!parsed.success) return undefined;
    const names = Object.keys(first);
    const fits = names.every((name) => typeof parsed.data[name] === typeof Reflect.get(first, name));
    return fits
      ? { ...first, ...Object.fromEntries(names.map((name) => [name, parsed.data[name]])) }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What is being written, until it is sent: a page that is loaded again, or a session that ends, loses none of it.
 * Texts, lists of them and yes or no. Who signs in next in this tab sees only his own.
 *
 * @param kept what of it may be kept, where some of it is secret
 */
export function useDraft<T extends object>(
  name: string,
  first: T,
  kept: (value: T) => T = (value) => value,
): Draft<T> {
  const { userId } = useSession();
  const key = `${PREFIX}${userId}.${name}`;
  const [before] = useState(() => readDraft(sessionStorage.getItem(key), first));
  const [value, setValue] = useState(before ?? first);
  const [isRestored, setRestored] = useState(before !== undefined);
  function clear() {
    sessionStorage.removeItem(key);
    setRestored(false);
  }
  return {
    value,
    isRestored,
    set(next) {
      setValue(next);
      sessionStorage.setItem(key, JSON.stringify(kept(next)));
    },
    clear,
    discard() {
      clear();
      setValue(first);
    },
  };
}

/** Of whoever has signed out, or of all but who has signed in. */
export function dropDrafts(except?: string): void {
  for (const key of Object.keys(sessionStorage)) {
    const isKept = except !== undefined && key.startsWith(`${PREFIX}${except}.`);
    if (key.startsWith(PREFIX) && !isKept) sessionStorage.removeItem(key);
  }
}
