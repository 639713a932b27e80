import type { IncomingMessage } from 'node:http';

/** How a request says who it is. A key in a header of its own counts as one that is sent by another scheme. */
export function authorizationOf({ headers }: IncomingMessage): string | undefined {
  const hasKeyHeader = headers['x-api-key'] !== undefined;
  return headers.authorization ?? (hasKeyHeader ? 'X-API-Key' : undefined);
}
