import { createEventReader, piecesOf, type ServerEvent } from '@anika/client/event-stream';

/** Why there is no stream now, and whether one is tried again. */
export type StreamState = 'connecting' | 'live' | 'reconnecting' | 'ended';

type Listener = {
  readonly onState: (state: StreamState, code?: string) => void;
  readonly onEvent: (event: ServerEvent) => void;
  /** The stream is there (again), as of the server's clock. */
  readonly onOpen: (at: { readonly serverMs: number; readonly isAgain: boolean }) => void;
};

/** Of the server a sign of life comes every 15 s: after so long without one nobody is there. */
const SILENT_MS = 40_000;
/** How often is looked whether the machine has slept: then what was open is not any more. */
const LOOK_EVERY_MS = 5000;
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 15_000;
/** Answers after which asking again brings nothing else. */
const FINAL = new Set([400, 401, 403, 404]);
const READ_ALL = new Set(['restarting', 'too-slow', 'time-over']);

/** What is away for good says so by a code; anything else is tried again. */
class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * A stream that goes on after the last event that was seen, whatever comes between: a restart, a gateway that answers
 * for an api that is away, a machine that slept. The `EventSource` of browsers gives up at any answer but 200.
 */
export function openEventStream(url: string, listener: Listener): { readonly close: () => void } {
  const closed = new AbortController();
  let wake: () => void = () => undefined;
  let lastId = '';
  let breakOff: () => void = () => undefined;

  async function listen(isAgain: boolean): Promise<void> {
    const broken = new AbortController();
    breakOff = () => broken.abort();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...(lastId !== '' && { 'last-event-id': lastId }) },
      cache: 'no-store',
      signal: AbortSignal.any([closed.signal, broken.signal]),
    });
    if (FINAL.has(response.status)) throw new Refused(await codeOf(response));
    if (!response.ok || response.body === null) throw new Error(`no stream: ${response.status}`);
    const date = Date.parse(response.headers.get('date') ?? '');
    listener.onOpen({ serverMs: Number.isNaN(date) ? Date.now() : date, isAgain });
    listener.onState('live');
    await readAll(response.body);
  }

  async function readAll(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = createEventReader(lastId);
    let heardMs = Date.now();
    let lookedMs = heardMs;
    const look = setInterval(() => {
      const hasSlept = Date.now() - lookedMs > 3 * LOOK_EVERY_MS;
      lookedMs = Date.now();
      if (hasSlept || lookedMs - heardMs > SILENT_MS) breakOff();
    }, LOOK_EVERY_MS);
    try {
      for await (const piece of piecesOf(body)) {
        heardMs = Date.now();
        for (const event of reader.read(piece)) take(event);
        lastId = reader.lastId();
      }
    } finally {
      clearInterval(look);
    }
  }

  function take(event: ServerEvent): void {
    if (event.event !== 'end') listener.onEvent(event);
    else {
      const reason = /"reason":"([a-z-]+)"/.exec(event.data)?.[1] ?? '';
      if (!READ_ALL.has(reason)) throw new Refused(reason);
    }
  }

  async function run(): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    for (let isAgain = false; !closed.signal.aborted; isAgain = true) {
      const startedMs = Date.now();
      try {
        await listen(isAgain);
      } catch (error) {
        if (closed.signal.aborted) return;
        if (error instanceof Refused) {
          listener.onState('ended', error.code);
          return;
        }
      }
      listener.onState('reconnecting');
      // One that lasted begins anew with a short wait.
      waitMs = Date.now() - startedMs > MAX_WAIT_MS ? FIRST_WAIT_MS : Math.min(waitMs * 2, MAX_WAIT_MS);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const hurry = () => wake();
  window.addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  listener.onState('connecting');
  void run();
  return {
    close() {
      closed.abort();
      wake();
      window.removeEventListener('online', hurry);
      document.removeEventListener('visibilitychange', hurry);
    },
  };
}

async function codeOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  return /"code":"([a-z-]+)"/.exec(text)?.[1] ?? String(response.status);
}
