import { isIP, Socket } from 'node:net';
import type { Phases } from '@anika/core/delivery/attempt-result';

/** How a connection came about; times of `performance.now()`. */
export type Making = {
  readonly isTls: boolean;
  readonly isByName: boolean;
  readonly startedAt: number;
  resolvedAt?: number;
  connectedAt?: number;
  readyAt?: number;
  /** `ip:port`, of the last one that was tried. */
  address?: string;
};

export function newMaking({ hostname, isTls }: { hostname: string; isTls: boolean }): Making {
  return { isTls, isByName: isIP(hostname) === 0, startedAt: performance.now() };
}

/** Notes what becomes of a socket that begins to connect; none is there where its address was refused. */
export function follow(socket: unknown, making: Making): void {
  if (!(socket instanceof Socket)) return;
  socket.once('lookup', () => {
    making.resolvedAt = performance.now();
  });
  socket.on('connectionAttempt', (ip, port, family) => {
    making.address = family === 6 ? `[${ip}]:${port}` : `${ip}:${port}`;
  });
  socket.once('connect', () => {
    making.connectedAt = performance.now();
  });
}

export type Course = {
  /** Undefined: the request went on a connection that was there already. */
  readonly making: Making | undefined;
  /** When the request began to be written, and when the head of the answer was there. */
  readonly begunAt: number | undefined;
  readonly headAt: number | undefined;
  /** A status without a body ends with its head. */
  readonly hasBody: boolean;
  readonly endedAt: number;
};

/** The phase in which a request ended, in whatever way, lasts until then; those after it did not take place. */
export function phasesOf({ making, begunAt, headAt, hasBody, endedAt }: Course): Phases {
  const between = (from: number, to = endedAt) => Math.round((to - from) * 10) / 10;
  return {
    ...(making !== undefined && makingPhases(making, between)),
    ...(begunAt !== undefined && { firstByte: between(begunAt, headAt) }),
    ...(headAt !== undefined && hasBody && { body: between(headAt) }),
  };
}

function makingPhases(
  { isTls, isByName, startedAt, resolvedAt, connectedAt, readyAt, address }: Making,
  between: (from: number, to?: number) => number,
): Phases {
  const hasTried = address !== undefined;
  return {
    ...(isByName && { dns: between(startedAt, resolvedAt) }),
    ...(hasTried && { connect: between(resolvedAt ?? startedAt, connectedAt) }),
    ...(isTls && connectedAt !== undefined && { tls: between(connectedAt, readyAt) }),
  };
}
