import { within } from '@anika/runtime/deadline';
import type { Logger } from '@anika/runtime/logger';
import type { MongoClient } from 'mongodb';

const TICK_MS = 2000;
/** A heartbeat begins or ends every 4 s, also of a server that is away or silent. */
const SILENT_TICKS = 5;
/** Above the deadline of every operation: whoever waited for it was answered long ago. */
const HELD_TICKS = 13;
const CONNECT_MS = 5000;

type Connected = { readonly client: MongoClient };

/**
 * Holds a client of the driver, and puts a new one in its place when it is beyond recovery. The driver (7.9)
 * waits for ever for a socket that is closed while it writes to it: if that was its heartbeat, it never looks for
 * the server again; if it was an operation, its place in the pool is lost (docs/decisions/0011).
 */
export function createRenewedClient<C extends Connected>(
  open: () => C,
  options: { logger?: Logger | undefined; tickMs?: number },
) {
  let current = open();
  let pulse = takePulse(current.client);
  let renewing = false;
  let closed = false;

  async function renew(reason: string): Promise<void> {
    const fresh = open();
    const freshPulse = takePulse(fresh.client);
    try {
      await within(fresh.client.connect(), { ms: CONNECT_MS, what: 'MongoDB' });
    } catch {
      await fresh.client.close();
      return; // still away: the next tick tries again
    }
    const old = closed ? fresh : current;
    if (!closed) {
      current = fresh;
      pulse = freshPulse;
      options.logger?.warn({ reason }, 'the MongoDB client did not recover and was replaced');
    }
    await old.client.close();
  }

  function tick(): void {
    const reason = pulse.tick();
    if (reason === undefined || renewing) return;
    renewing = true;
    void renew(reason)
      .catch((err: unknown) => options.logger?.warn({ err }, 'a MongoDB client was not closed cleanly'))
      .finally(() => {
        renewing = false;
      });
  }

  const timer = setInterval(tick, options.tickMs ?? TICK_MS).unref();
  return {
    current: (): C => current,
    async close(): Promise<void> {
      closed = true;
      clearInterval(timer);
      await current.client.close();
    },
  };
}

/** Ticks are counted rather than time: a process that was stopped has had none. */
function takePulse(client: MongoClient) {
  const silent = new Map<string, number>();
  const held = new Map<string, number>();
  const beat = (event: { connectionId: string }) => silent.set(event.connectionId, 0);
  client.on('serverHeartbeatStarted', beat);
  client.on('serverHeartbeatSucceeded', beat);
  client.on('serverHeartbeatFailed', beat);
  client.on('serverClosed', (event) => silent.delete(event.address));
  client.on('connectionCheckedOut', (event) => held.set(`${event.address} ${event.connectionId}`, 0));
  client.on('connectionCheckedIn', (event) => held.delete(`${event.address} ${event.connectionId}`));
  return {
    /** Counts one more tick; says what is wrong, if anything is. */
    tick(): string | undefined {
      if (countUp(silent) > SILENT_TICKS) return 'no heartbeat';
      if (countUp(held) > HELD_TICKS) return 'an operation that never ended';
      return undefined;
    },
  };
}

/** Adds one to each count and returns the highest. */
function countUp(ticks: Map<string, number>): number {
  let highest = 0;
  for (const [name, count] of ticks) {
    ticks.set(name, count + 1);
    highest = Math.max(highest, count + 1);
  }
  return highest;
}
