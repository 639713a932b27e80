import type { PartnerId } from '@anika/core/ids';
import { HistoryLost } from '@anika/core/stream/history-lost';
import { comparePositions, laterOf, type Position } from '@anika/core/stream/position';
import type { StoredChange } from '@anika/core/stream/stream-event';
import type { Logger } from '@anika/runtime/logger';
import { Unavailable } from '@anika/runtime/unavailable';
import { waitOrAbort } from '@anika/runtime/wait';
import type { ChangeBatch } from '@anika/stores/mongo/change-feed';
import type { Listener } from './listener.ts';
import type { Listeners } from './show-changes.ts';

export type HubNeeds = {
  readonly now: () => Promise<Position>;
  readonly read: (from: Position, signal: AbortSignal) => AsyncIterable<ChangeBatch>;
  readonly show: (changes: readonly StoredChange[], listeners: Listeners) => Promise<void>;
  readonly logger: Logger;
};

export type Hub = ReturnType<typeof createHub>;

/** What happens within this goes out together: a listener is a person or a cache, and each write is dear. */
const PACE_MS = 50;
const AGAIN_MS = 500;

type Reading = { readonly stop: AbortController; position: Position };

/** All listeners of this process on one stream of changes, which is open while there are any. */
export function createHub(needs: HubNeeds) {
  const listeners = new Map<PartnerId, Set<Listener>>();
  /** They get the next batch and those after it: one that is being shown has left them out. */
  const joining = new Set<Listener>();
  const held = new Set<Listener>();
  let reading: Promise<Reading> | undefined;
  let closed = false;

  async function start(): Promise<Reading> {
    const state: Reading = { stop: new AbortController(), position: await needs.now() };
    void run(state);
    return state;
  }

  async function run(state: Reading): Promise<void> {
    const { signal } = state.stop;
    let failing = false;
    while (!signal.aborted) {
      try {
        for await (const batch of needs.read(state.position, signal)) {
          failing = false;
          await take(batch, state);
          if (batch.changes.length > 0) await waitOrAbort(PACE_MS, signal);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!failing)
          needs.logger.warn({ err: error }, 'the stream of changes broke off and is taken up again');
        failing = true;
        if (error instanceof HistoryLost) await skip(state);
        await waitOrAbort(AGAIN_MS, signal);
      }
    }
  }

  async function take({ changes, position }: ChangeBatch, state: Reading): Promise<void> {
    for (const listener of joining) add(listener);
    joining.clear();
    state.position = position;
    await needs.show(changes, listeners);
    for (const listener of [...listeners.values()].flatMap((some) => [...some])) listener.reach(position);
  }

  async function skip(state: Reading): Promise<void> {
    state.position = await needs.now();
    for (const listener of held) listener.lose(state.position);
  }

  function add(listener: Listener): void {
    if (listener.ended.aborted) return;
    const ofCompany = listeners.get(listener.partnerId) ?? new Set();
    listeners.set(listener.partnerId, ofCompany.add(listener));
  }

  function leave(listener: Listener): void {
    held.delete(listener);
    joining.delete(listener);
    const ofCompany = listeners.get(listener.partnerId);
    ofCompany?.delete(listener);
    if (ofCompany?.size === 0) listeners.delete(listener.partnerId);
    if (held.size > 0) return;
    reading?.then(
      ({ stop }) => stop.abort(),
      () => undefined,
    );
    reading = undefined;
  }

  async function hold(listener: Listener): Promise<Reading> {
    if (closed) throw new Unavailable('The stream');
    held.add(listener);
    listener.ended.addEventListener('abort', () => leave(listener), { once: true });
    const started = reading ?? start();
    reading = started;
    try {
      return await started;
    } catch (error) {
      if (reading === started) reading = undefined;
      throw error;
    }
  }

  return {
    /** The listener gets what is stored from now on. */
    async joinNow(listener: Listener): Promise<void> {
      const state = await hold(listener);
      const now = await needs.now();
      listener.reach(laterOf(now, state.position));
      joining.add(listener);
    },

    /** It gets what was stored since its position, and then what is. @throws HistoryLost */
    async joinFrom(listener: Listener): Promise<void> {
      const state = await hold(listener);
      const only: Listeners = new Map([[listener.partnerId, new Set([listener])]]);
      const isBehind = () => comparePositions(listener.position(), state.position) < 0;
      if (isBehind()) {
        for await (const { changes, position } of needs.read(listener.position(), listener.ended)) {
          await needs.show(changes, only);
          listener.reach(position);
          if (!isBehind()) break;
          await listener.drained();
        }
      }
      joining.add(listener);
    },

    /** Nobody waits for a stream when the process stops. */
    close(): void {
      closed = true;
      for (const listener of held) listener.end('restarting');
    },
  };
}
