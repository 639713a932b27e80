import type { buildConnector } from 'undici';
import { Interruption } from './classify-error.ts';
import { type Connection, openConnection } from './connection.ts';
import { createShares } from './shares.ts';

/** Requests of one company at one origin, and of one company in all, at once. */
const EACH_ORIGIN = 256;
const EACH_COMPANY = 512;
/** Open connections that no request uses, of one company. */
const IDLE_EACH_COMPANY = 256;
const PLACE_WAIT_MS = 1000;

type Destination = { readonly partnerId: string; readonly origin: string };

export type Connections = {
  /** A free connection, new or used before; undefined when no place came free in time. */
  take(to: Destination, signal?: AbortSignal): Promise<Connection | undefined>;
  /** A new one, in the place of one that turned out to be closed. */
  renew(connection: Connection): Connection;
  /** Ends what `take` began. `isUsable`: its request is over, and another may follow on it. */
  give(connection: Connection, isUsable: boolean): void;
  close(): void;
};

export type ConnectionLimits = { readonly eachOrigin?: number; readonly placeWaitMs?: number };

/**
 * The connections of each company to each origin: nobody waits for those of another company, and no request waits
 * inside a connection. What is idle is closed after a while, and sooner where a company has many of them.
 */
export function createConnections(
  connectorOf: (partnerId: string) => buildConnector.connector,
  limits: ConnectionLimits = {},
): Connections {
  const waitMs = limits.placeWaitMs ?? PLACE_WAIT_MS;
  const byOrigin = createShares({ each: limits.eachOrigin ?? EACH_ORIGIN, waitMs });
  const byCompany = createShares({ each: EACH_COMPANY, waitMs });
  const idle = createIdle();
  const busy = new Set<Connection>();

  function open({ partnerId, origin }: Destination): Connection {
    const connection = openConnection({
      partnerId,
      origin,
      connect: connectorOf(partnerId),
      onClosed: (closed) => {
        if (idle.remove(closed)) closed.destroy(new Error('closed while idle'));
      },
    });
    busy.add(connection);
    return connection;
  }

  function reuse(to: Destination): Connection | undefined {
    const found = idle.take(to);
    if (found !== undefined) busy.add(found);
    return found;
  }

  return {
    async take(to, signal) {
      const originKey = keyOf(to);
      if (!(await byOrigin.take(originKey, signal))) return undefined;
      if (await byCompany.take(to.partnerId, signal)) return reuse(to) ?? open(to);
      byOrigin.give(originKey);
      return undefined;
    },
    renew(connection) {
      busy.delete(connection);
      connection.destroy(new Error('closed by the endpoint'));
      return open(connection);
    },
    give(connection, isUsable) {
      busy.delete(connection);
      if (isUsable && connection.isOpen()) idle.add(connection)?.destroy(new Error('too many idle'));
      else connection.destroy(new Error('not to be used again'));
      byCompany.give(connection.partnerId);
      byOrigin.give(keyOf(connection));
    },
    close() {
      const closing = new Interruption('aborted');
      for (const connection of [...busy, ...idle.all()]) connection.destroy(closing);
    },
  };
}

function keyOf({ partnerId, origin }: Destination): string {
  return `${partnerId} ${origin}`;
}

/** Open connections that no request uses. */
function createIdle() {
  const byOrigin = new Map<string, Connection[]>();
  /** In the order in which they became idle. */
  const byCompany = new Map<string, Set<Connection>>();

  function remove(connection: Connection): boolean {
    const { partnerId } = connection;
    const ofCompany = byCompany.get(partnerId);
    if (!ofCompany?.delete(connection)) return false;
    if (ofCompany.size === 0) byCompany.delete(partnerId);
    const key = keyOf(connection);
    const stack = byOrigin.get(key) ?? [];
    stack.splice(stack.lastIndexOf(connection), 1);
    if (stack.length === 0) byOrigin.delete(key);
    return true;
  }

  return {
    remove,
    all: () => [...byOrigin.values()].flat(),
    /** The one used last: the others are closed once they have been idle long enough. */
    take(to: Destination): Connection | undefined {
      const found = byOrigin.get(keyOf(to))?.at(-1);
      if (found !== undefined) remove(found);
      return found;
    },
    /** Returns the oldest of the company instead, where it has too many. */
    add(connection: Connection): Connection | undefined {
      const { partnerId } = connection;
      const key = keyOf(connection);
      const stack = byOrigin.get(key) ?? [];
      stack.push(connection);
      byOrigin.set(key, stack);
      const ofCompany = byCompany.get(partnerId) ?? new Set<Connection>();
      byCompany.set(partnerId, ofCompany.add(connection));
      const [oldest] = ofCompany;
      if (oldest === undefined || ofCompany.size <= IDLE_EACH_COMPANY) return undefined;
      remove(oldest);
      return oldest;
    },
  };
}
