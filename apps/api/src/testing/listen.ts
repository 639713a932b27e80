import { createEventReader, piecesOf } from '@anika/client/event-stream';

/** An event of a stream as it came. */
export type Heard = { readonly id: string; readonly event: string; readonly data: unknown };

export type Listening = {
  readonly status: number;
  readonly headers: Headers;
  /** So far. */
  readonly events: readonly Heard[];
  /** All that came, comments too. */
  text(): string;
  /** The last id that came, also with a comment; at first, the one that was sent. */
  lastId(): string;
  /** Resolves when the server has ended the stream. */
  readonly over: Promise<void>;
  close(): Promise<void>;
};

type Options = { readonly token: string; readonly lastEventId?: string | undefined };

/** Opens a stream and collects what comes. */
export async function listen(url: string, query: string, options: Options): Promise<Listening> {
  const stop = new AbortController();
  const { token, lastEventId } = options;
  const response = await fetch(`${url}/v1/stream${query}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: stop.signal,
  });
  let text = '';
  const reader = createEventReader(lastEventId);
  const events: Heard[] = [];
  const over = (async () => {
    for await (const piece of response.body === null ? [] : piecesOf(response.body)) {
      text += piece;
      for (const { id, event, data } of reader.read(piece))
        events.push({ id, event, data: JSON.parse(data) });
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    status: response.status,
    headers: response.headers,
    events,
    text: () => text,
    lastId: reader.lastId,
    over,
    async close() {
      stop.abort();
      await over;
    },
  };
}
