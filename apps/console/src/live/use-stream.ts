import { STREAM_KINDS, type StreamKind } from '@anika/core/stream/stream-event';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';

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
export const KEPT = 500;
/** Events come by the hundred; the eye sees a few changes a second. */
const SHOW_EVERY_MS = 250;

export type Stream = {
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'ended';
  /** The newest first. */
  readonly happenings: readonly Happening[];
  readonly lost: boolean;
};

const NONE: Stream = { state: 'connecting', happenings: [], lost: false };

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

/** The newest first, none twice, no more than are kept. */
export function withNewer(before: readonly Happening[], newer: readonly Happening[]): readonly Happening[] {
  const known = new Set(before.map(keyOf));
  const unknown = newer.filter((one) => !known.has(keyOf(one)));
  return [...unknown.toReversed(), ...before].slice(0, KEPT);
}

/** What happens from now on; the browser reconnects by itself and goes on after the last event. */
export function useStream(query: string): Stream {
  const [stream, setStream] = useState(NONE);
  const waiting = useRef<Happening[]>([]);
  useEffect(() => {
    const source = new EventSource(`/v1/stream?${query}`);
    setStream(NONE);
    waiting.current = [];
    const to = (change: Partial<Stream>) => setStream((before) => ({ ...before, ...change }));
    source.onopen = () => to({ state: 'live' });
    source.onerror = () => to({ state: source.readyState === EventSource.CLOSED ? 'ended' : 'reconnecting' });
    source.addEventListener('lost', () => to({ lost: true }));
    for (const kind of STREAM_KINDS) {
      source.addEventListener(kind, ({ data, lastEventId }) => {
        const one = happeningOf(kind, lastEventId, String(data));
        if (one !== undefined) waiting.current.push(one);
      });
    }
    const timer = setInterval(() => {
      const newer = waiting.current.splice(0);
      if (newer.length === 0) return;
      setStream((before) => ({ ...before, happenings: withNewer(before.happenings, newer) }));
    }, SHOW_EVERY_MS);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [query]);
  return stream;
}
