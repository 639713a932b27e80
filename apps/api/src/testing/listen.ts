/** An event of a stream as it came. */
export type Heard = { readonly id: string | undefined; readonly event: string; readonly data: unknown };

export type Listening = {
  readonly status: number;
  readonly headers: Headers;
  /** So far. */
  readonly events: readonly Heard[];
  /** All that came, comments too. */
  text(): string;
  /** The last id that came, also with a comment. */
  lastId(): string | undefined;
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
  let lastId: string | undefined;
  const events: Heard[] = [];
  const over = (async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const piece = decoder.decode(chunk, { stream: true });
      text += piece;
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const of = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const [id, event, data] = [of('id'), of('event'), of('data')];
        lastId = id ?? lastId;
        if (event !== undefined) events.push({ id, event, data: JSON.parse(data ?? 'null') });
      }
    }
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    status: response.status,
    headers: response.headers,
    events,
    text: () => text,
    lastId: () => lastId,
    over,
    async close() {
      stop.abort();
      await over;
    },
  };
}
