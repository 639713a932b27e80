import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const REQUEST_ID = /^[A-Za-z0-9_.:-]{8,128}$/;
const HEADER = 'X-Request-Id';

/** A caller's own request id is kept, so that it is the same in both companies' logs. */
export function setRequestId(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader(HEADER, idFor(req));
}

/** The id of the request that is answered; one that never came gets a new one. */
export function requestIdOf(res: ServerResponse | undefined): string {
  const set = res?.getHeader(HEADER);
  return typeof set === 'string' ? set : idFor(res?.req);
}

function idFor(req: IncomingMessage | undefined): string {
  const given = req?.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
