import { useEffect, useRef, useState } from 'react';
import { useSession } from '../session/session-context.ts';
import { type Happening, type Stream, useStream } from './use-stream.ts';

export type LiveFilter = { readonly topic?: string | undefined; readonly kind?: string | undefined };

/** A stream that can be held still. */
export type Live = {
  readonly stream: Stream;
  readonly shown: readonly Happening[];
  readonly isHeld: boolean;
  /** What has come since it is held. */
  readonly newer: number;
  readonly hold: () => void;
  readonly goOn: () => void;
};

type Held = { readonly happenings: readonly Happening[]; readonly total: number };

export function useLive({ topic, kind }: LiveFilter): Live {
  const { csrfToken } = useSession();
  const query = new URLSearchParams({
    ...(kind !== undefined && { kinds: kind }),
    ...(topic !== undefined && { topicId: topic }),
  }).toString();
  const stream = useStream(query, csrfToken);
  const [held, setHeld] = useState<Held>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another query something else is looked at
  useEffect(() => setHeld(undefined), [query]);
  const { happenings, total } = stream;
  return {
    stream,
    shown: held?.happenings ?? happenings,
    isHeld: held !== undefined,
    newer: held === undefined ? 0 : total - held.total,
    hold: () => setHeld((before) => before ?? { happenings, total }),
    goOn: () => setHeld(undefined),
  };
}

const SAY_EVERY_MS = 10_000;

/** How many came in the last while, for who listens to the page: counts, not rows. */
export function useCount(total: number): number {
  const latest = useRef(total);
  const [said, setSaid] = useState({ before: 0, now: 0 });
  useEffect(() => {
    latest.current = total;
  }, [total]);
  useEffect(() => {
    const say = () => setSaid(({ now }) => ({ before: now, now: latest.current }));
    const timer = setInterval(say, SAY_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return said.now - said.before;
}
