import type { PartnerId } from '@anika/core/ids';
import { comparePositions, formatPosition, type Position } from '@anika/core/stream/position';
import { eventsOf, kindsWanted, type StoredChange, type StreamFilter } from '@anika/core/stream/stream-event';

/** Why a stream ends. Who has one of the first two comes again, with what it has seen last. */
export type StreamEnd = 'restarting' | 'too-slow' | 'time-over' | 'signed-out' | 'access-ended';

/** Events that wait for a reader; with more it is ended. */
const MAX_WAITING = 2000;
/** How soon a client that was cut off comes again. */
const FIRST = 'retry: 2000\n\n';

export type Listener = {
  readonly partnerId: PartnerId;
  readonly filter: StreamFilter;
  /** Up to where it has been told everything. */
  position(): Position;
  /** What it may see of a change; once each, in order. */
  offer(change: StoredChange): void;
  /** Nothing before this is missing. */
  reach(position: Position): void;
  /** What happened before `position` cannot be told any more. */
  lose(position: Position): void;
  /** A sign of life that carries the position. */
  comment(): void;
  end(reason: StreamEnd): void;
  readonly ended: AbortSignal;
  /** Resolves when nothing waits for the reader, or it has ended. */
  drained(): Promise<void>;
  readonly lines: AsyncIterableIterator<string>;
};

/** One reader of the stream: a bounded queue between what happens and how fast it reads. */
export function createListener(of: {
  readonly partnerId: PartnerId;
  readonly filter: StreamFilter;
  readonly from: Position;
}): Listener {
  const { partnerId, filter } = of;
  const ended = new AbortController();
  let position = of.from;
  let waiting: string[] = [FIRST];
  let wake: (() => void) | undefined;
  let idle: (() => void)[] = [];

  function add(text: string): void {
    if (ended.signal.aborted) return;
    if (waiting.length < MAX_WAITING) {
      waiting.push(text);
      wake?.();
    } else end('too-slow');
  }

  function end(reason: StreamEnd): void {
    if (ended.signal.aborted) return;
    if (reason === 'too-slow') waiting = [];
    waiting.push(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
    ended.abort();
    wake?.();
    free();
  }

  function free(): void {
    for (const resolve of idle) resolve();
    idle = [];
  }

  const lines: AsyncIterableIterator<string> = {
    [Symbol.asyncIterator]: () => lines,
    async next() {
      if (waiting.length === 0 && !ended.signal.aborted) {
        free();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
      if (waiting.length === 0) return { done: true, value: undefined };
      const value = waiting.join('');
      waiting = [];
      return { done: false, value };
    },
    async return() {
      waiting = [];
      end('restarting');
      return { done: true, value: undefined };
    },
  };

  return {
    partnerId,
    filter,
    ended: ended.signal,
    lines,
    position: () => position,
    offer(change) {
      if (comparePositions(change.position, position) <= 0) return;
      position = change.position;
      const texts = textsOf(change, filter);
      // Only with the last of a change may a reader go on after it.
      texts.forEach((text, index) => {
        add(index === texts.length - 1 ? `id: ${formatPosition(position)}\n${text}` : text);
      });
    },
    reach(to) {
      if (comparePositions(to, position) > 0) position = to;
    },
    lose(to) {
      position = to;
      add(`id: ${formatPosition(to)}\nevent: lost\ndata: {}\n\n`);
    },
    comment: () => add(`id: ${formatPosition(position)}\n: still there\n\n`),
    end,
    drained() {
      if (ended.signal.aborted || (waiting.length === 0 && wake !== undefined)) return Promise.resolve();
      return new Promise((resolve) => void idle.push(resolve));
    },
  };
}

/** Written once, however many listen. */
const written = new WeakMap<StoredChange, readonly { readonly kind: string; readonly text: string }[]>();

function textsOf(change: StoredChange, filter: StreamFilter): string[] {
  const kinds: readonly string[] = kindsWanted(filter, change);
  if (kinds.length === 0) return [];
  let events = written.get(change);
  if (events === undefined) {
    events = eventsOf(change).map(({ kind, data }) => ({
      kind,
      text: `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`,
    }));
    written.set(change, events);
  }
  return events.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);
}
