import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Failure } from '@anika/core/failures';
import type { Logger } from '@anika/runtime/logger';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { toFailure } from './http/problem.ts';
import { type BoundRoute, headerOf, type RouteEnvironment, sendFailure } from './http/route.ts';
import { createListener, patternOf } from './http/router.ts';

export type AppParts = {
  readonly routes: readonly BoundRoute[];
  readonly environment: RouteEnvironment;
  /** Operations: each mounted at its path. */
  readonly mounted: readonly { readonly path: string; readonly handler: RequestHandler | Router }[];
  readonly trustProxy: number;
  readonly logger: Logger;
};

const REQUEST_ID = /^[A-Za-z0-9_.:-]{8,128}$/;

/**
 * A caller's own request id is kept, so that it is the same in both companies' logs. What partners wrote comes back as
 * JSON only: no browser may take it for a page.
 */
function setFirstHeaders(req: IncomingMessage, res: ServerResponse): void {
  res.setHeader('X-Content-Type-Options', 'nosniff');
  const given = headerOf(req, 'x-request-id');
  res.setHeader('X-Request-Id', given !== undefined && REQUEST_ID.test(given) ? given : randomUUID());
}

const SECURITY_HEADERS = helmet({
  contentSecurityPolicy: {
    directives: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      styleSrc: ["'self'", "'unsafe-inline'"],
      scriptSrc: ["'self'", "'unsafe-inline'"],
      frameAncestors: ["'none'"],
      upgradeInsecureRequests: null,
    },
  },
  strictTransportSecurity: false,
});

/** First headers, then the routes of the contract, then Express with everything else. */
export function createApp(parts: AppParts): RequestListener {
  const { routes, environment, trustProxy } = parts;
  const listener = createListener({ routes, environment, trustProxy, otherwise: createExpress(parts) });
  return (req, res) => {
    setFirstHeaders(req, res);
    listener(req, res);
  };
}

/** Operations with their headers, the paths of routes with another method, and what is none of them. */
function createExpress(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('case sensitive routing', true);
  app.set('trust proxy', parts.trustProxy);
  refuseOtherMethods(app, parts.routes);
  // The API answers programs: the other headers for browsers are for the pages only.
  for (const { path, handler } of parts.mounted) app.use(path, SECURITY_HEADERS, handler);
  app.use(() => {
    throw new Failure('not-found', 'There is nothing at this path');
  });
  app.use(lastResort(parts.logger));
  return app;
}

function refuseOtherMethods(app: Express, routes: readonly BoundRoute[]): void {
  const methodsOf = new Map<string, string[]>();
  for (const { contract } of routes) {
    const pattern = patternOf(contract.path);
    methodsOf.set(pattern, [...(methodsOf.get(pattern) ?? []), contract.method.toUpperCase()]);
  }
  for (const [pattern, methods] of methodsOf) app.all(pattern, methodNotAllowed(methods));
}

function methodNotAllowed(methods: readonly string[]): RequestHandler {
  return (req, res) => {
    res.setHeader('Allow', methods.join(', '));
    throw new Failure('method-not-allowed', `${req.method} is not defined here; ${methods.join(', ')} is`);
  };
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
