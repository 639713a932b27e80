import { randomUUID } from 'node:crypto';
import { Failure } from '@anika/core/failures';
import type { Logger } from '@anika/runtime/logger';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { toFailure } from './http/problem.ts';
import { type BoundRoute, type RouteEnvironment, sendFailure, serveRoute } from './http/route.ts';

export type AppParts = {
  /** Looked through in this order: the busiest first. */
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
function firstHeaders(): RequestHandler {
  return (req, res, next) => {
    res.setHeader('X-Content-Type-Options', 'nosniff');
    const given = req.get('x-request-id');
    res.setHeader('X-Request-Id', given !== undefined && REQUEST_ID.test(given) ? given : randomUUID());
    next();
  };
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

/** Middleware in its order: first headers, the API, operations with their headers, and what is none of them. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('case sensitive routing', true);
  app.set('trust proxy', parts.trustProxy);
  app.use(firstHeaders());
  addRoutes(app, parts);
  // The API answers programs: the other headers for browsers are for the pages only.
  for (const { path, handler } of parts.mounted) app.use(path, SECURITY_HEADERS, handler);
  app.use(() => {
    throw new Failure('not-found', 'There is nothing at this path');
  });
  app.use(lastResort(parts.logger));
  return app;
}

function addRoutes(app: Express, { routes, environment }: AppParts): void {
  const methodsOf = new Map<string, string[]>();
  for (const bound of routes) {
    const { method, path } = bound.contract;
    const pattern = path.replace(/\{(\w+)\}/g, ':$1');
    app[method](pattern, serveRoute(bound, environment));
    methodsOf.set(pattern, [...(methodsOf.get(pattern) ?? []), method.toUpperCase()]);
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
