import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Failure } from '@anika/core/failures';
import { checkRequest, originForm } from './http/check-request.ts';
import { toFailure } from './http/problem.ts';
import { setRequestId } from './http/request-id.ts';
import { sendFailure, writeFailure } from './http/route.ts';
import { createListener, type RouterOptions } from './http/router.ts';

/** What partners wrote comes back as JSON only: no browser may take it for a page. */
function setFirstHeaders(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  setRequestId(req, res);
}

export type AppParts = RouterOptions & {
  /** Until it is, only who asks for health is served. */
  readonly isReady: () => boolean;
};

const HEALTH = /^\/(?:healthz|readyz)(?:[?#]|$)/;
const NOT_READY = new Failure('unavailable', 'Cannot serve yet: this process is starting; try again soon', {
  retryAfterSeconds: 5,
});

/** First headers, then what every request must be, then its route. */
export function createApp(parts: AppParts): RequestListener {
  const listener = createListener(parts);
  return (req, res) => {
    setFirstHeaders(req, res);
    try {
      checkRequest(req);
    } catch (error) {
      // Where others may read it differently, nothing that follows on the connection is to be trusted.
      res.setHeader('Connection', 'close');
      sendFailure(res, toFailure(error), parts.environment.logger);
      return;
    }
    req.url = originForm(req.url ?? '');
    if (parts.isReady() || HEALTH.test(req.url)) listener(req, res);
    else writeFailure(res, NOT_READY);
  };
}
