import { Failure } from '@anika/core/failures';
import type { Logger } from '@anika/runtime/logger';
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import helmet from 'helmet';
import { toFailure } from '../http/problem.ts';
import { sendFailure } from '../http/route.ts';

const SECURITY_HEADERS = helmet({
  contentSecurityPolicy: {
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      scriptSrc: ["'self'"],
      frameAncestors: ["'none'"],
      upgradeInsecureRequests: null,
    },
  },
  strictTransportSecurity: false,
});

export type SiteOptions = {
  readonly at: string;
  readonly router: Router;
  readonly trustProxy: number;
  readonly logger: Logger;
};

/** Pages for people, with the headers that browsers need: the API answers programs and does without. */
export function createSite({ at, router, trustProxy, logger }: SiteOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('case sensitive routing', true);
  app.set('trust proxy', trustProxy);
  app.use(at, SECURITY_HEADERS, router);
  app.use(() => {
    throw new Failure('not-found', 'There is nothing at this path');
  });
  app.use(lastResort(logger));
  return app;
}

function lastResort(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    // Express cannot decode such a path: it names nothing.
    const failure =
      error instanceof URIError
        ? new Failure('not-found', 'There is nothing at this path')
        : toFailure(error);
    sendFailure(res, failure, logger);
  };
}
