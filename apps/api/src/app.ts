import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { checkRequest, originForm } from './http/check-request.ts';
import { toFailure } from './http/problem.ts';
import { setRequestId } from './http/request-id.ts';
import { sendFailure } from './http/route.ts';
import { createListener, type RouterOptions } from './http/router.ts';

/** What partners wrote comes back as JSON only: no browser may take it for a page. */
function setFirstHeaders(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  setRequestId(req, res);
}

/** First headers, then what every request must be, then its route. */
export function createApp(parts: RouterOptions): RequestListener {
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
    listener(req, res);
  };
}
