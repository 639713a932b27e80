import { parsePosition } from '@anika/core/stream/position';
import { STREAM_KINDS, type StreamKind } from '@anika/core/stream/stream-event';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { openEventStream, type StreamState } from './event-stream.ts';

/** What the page looks at in an event; the stream has ids, times and states, and no content. */
const happeningSchema = z.looseObject({
  id: z.string().optional(),
  type: z.string().optional(),
  messageId: z.string().optional(),
  deliveryId: z.string().optional(),
  topicId: z.string().optional(),
  partnerId: z.string().optional(),
  subscriptionId: z.string().optional(),
  state: z.string().optional(),
  reason: z.string().nullish(),
  status: z.number().nullish(),
  errorClass: z.string().nullish(),
  n: z.number().optional(),
  durationMs: z.number().optional(),
  at: z.string().optional(),
  acceptedAt: z.string().optional(),
  createdAt: z.string().optional(),
});

export type Happening = z.output<typeof happeningSchema> & {
  /** In the stream. */
  readonly position: string;
  readonly kind: StreamKind;
};

/** What is kept; whoever wants more has the lists. */
export const KEPT = 1000;
/** Events come by the hundred; the eye sees a few changes a second. */
const SHOW_EVERY_MS = 500;
/** Of more than so many at a time only the newest are shown. */
export const SHOWN_AT_ONCE = 40;

export type Stream = {
  readonly state: StreamState;
  /** Why it has ended. */
  readonly code: string | undefined;
  /** The newest first. */
  readonly happenings: readonly Happening[];
  /** Of all that came since the page listens. */
  readonly total: number;
  /** One of so many is shown, while more come than can be read. */
  readonly oneOf: number;
  /** How many of them had happened while there was no connection; undefined: it has not broken. */
  readonly caughtUp: number | undefined;
  /** What lay between is not known any more. */
  readonly lost: boolean;
};

const NONE: Stream = {
  state: 'connecting',
  code: undefined,
  happenings: [],
  total: 0,
  oneOf: 1,
  caughtUp: undefined,
  lost: false,
};

/** One event of the stream; undefined for what is none. */
export function happeningOf(kind: StreamKind, position: string, text: string): Happening | undefined {
  try {
    const parsed = happeningSchema.safeParse(JSON.parse(text));
    return parsed.success ? { ...parsed.data, kind, position } : undefined;
  } catch {
    return undefined;
  }
}

/** What tells one from the others: a change may be several of a kind. */
export function keyOf({ position, kind, id, deliveryId, n }: Happening): string {
  return [position, kind, id ?? deliveryId, n].join(' ');
}

/** When it happened; of a state to the second, which is what its position in the stream tells. */
export function timeOf({ at, createdAt, acceptedAt, position }: Happening): string | undefined {
  const told = at ?? createdAt ?? acceptedAt;
  const seconds = parsePosition(position)?.seconds;
  return told ?? (seconds === undefined ? undefined : new Date(seconds * 1000).toISOString());
}

/** The newest first, none twice, no more than are kept. */
export function withNewer(before: readonly Happening[], newer: readonly Happening[]): readonly Happening[] {
  const known = new Set(before.map(keyOf));
  const unknown = newer.filter((one) => !known.has(keyOf(one)));
  return [...unknown.toReversed(), ...before].slice(0, KEPT);
}

/** The stream with what has come in the meantime; `againMs`: since when it is there again, by the server's clock. */
export function afterMore(before: Stream, newer: readonly Happening[], againMs: number | undefined): Stream {
  if (newer.length === 0) return before.oneOf === 1 ? before : { ...before, oneOf: 1 };
  const shown = newer.slice(-SHOWN_AT_ONCE);
  const missed = (one: Happening) => againMs !== undefined && Date.parse(timeOf(one) ?? '') <= againMs;
  return {
    ...before,
    happenings: withNewer(before.happenings, shown),
    total: before.total + newer.length,
    oneOf: Math.round(newer.length / shown.length),
    caughtUp: againMs === undefined ? before.caughtUp : (before.caughtUp ?? 0) + newer.filter(missed).length,
  };
}

function isKind(text: string): text is StreamKind {
  return STREAM_KINDS.some((kind) => kind === text);
}

/** What happens from now on, and after a break from where it was; `session`: whose it is. */
export function useStream(query: string, session: string): Stream {
  const [stream, setStream] = useState(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who has signed in again listens again
  useEffect(() => {
    const waiting: Happening[] = [];
    let againMs: number | undefined;
    setStream(NONE);
    const to = (change: Partial<Stream>) => setStream((before) => ({ ...before, ...change }));
    const source = openEventStream(`/v1/stream?${query}`, {
      onState: (state, code) => to({ state, code }),
      onOpen({ serverMs, isAgain }) {
        if (!isAgain) return;
        againMs = serverMs;
        to({ caughtUp: 0 });
      },
      onEvent({ event, data, id }) {
        if (event === 'lost') to({ lost: true });
        const one = isKind(event) ? happeningOf(event, id, data) : undefined;
        if (one !== undefined) waiting.push(one);
      },
    });
    const timer = setInterval(() => {
      const newer = waiting.splice(0);
      setStream((before) => afterMore(before, newer, againMs));
    }, SHOW_EVERY_MS);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [query, session]);
  return stream;
}
