import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import { Failure } from '@anika/core/failures';
import createRouter, { type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way';
import proxyAddr from 'proxy-addr';
import { type Page, servePage } from './page-route.ts';
import { HttpFailure } from './problem.ts';
import { type BoundRoute, type Matched, type RouteEnvironment, sendFailure, serveRoute } from './route.ts';

/** Pages for people, at a path and everything below it. */
export type Site = {
  readonly path: string;
  readonly methods: readonly Method[];
  readonly listener: RequestListener;
};

export type RouterOptions = {
  readonly routes: readonly BoundRoute[];
  readonly pages: readonly Page[];
  readonly sites: readonly Site[];
  readonly environment: RouteEnvironment;
  /** How many proxies in front of us are believed when they say who called (`X-Forwarded-For`). */
  readonly trustProxy: number;
};

/** Beyond what the server takes as headers: every name in a path is looked at, however long. */
const PARAM_MAX = 1_000_000;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof METHODS)[number];
/** As HTTP wants it: what can be read can be asked about. */
export const READING: readonly Method[] = ['GET', 'HEAD'];

type Serve = (req: IncomingMessage, res: ServerResponse, matched: Matched) => unknown;
type Served = {
  readonly methods: readonly Method[];
  /** As the router takes it. */
  readonly patterns: readonly string[];
  /** What a target must look like besides: the router also takes fixed parts that are percent-encoded. */
  readonly written: RegExp;
  readonly serve: Serve;
};

/**
 * Leads a request to what serves its method and path. Express has the pages for people only: it gives every request
 * and response another prototype, and Node's own code is then slower with them, a third of what a publish costs us.
 */
export function createListener(options: RouterOptions): RequestListener {
  const { environment } = options;
  const remoteAddressOf = addressReader(options.trustProxy);
  const router: Instance<HTTPVersion.V1> = createRouter({
    caseSensitive: true,
    ignoreTrailingSlash: true,
    maxParamLength: PARAM_MAX,
    querystringParser: (text) => parseQuery(text),
    defaultRoute: otherwise,
    onBadUrl: (_path, req, res) => otherwise(req, res),
  });

  function otherwise(req: IncomingMessage, res: ServerResponse): void {
    const allowed = allowedAt(router, req.url ?? '');
    if (req.method === 'OPTIONS' && allowed.length > 0) {
      res.writeHead(204, { Allow: allowText(allowed) }).end();
      return;
    }
    sendFailure(res, refusalOf(req, allowed), environment.logger);
  }

  for (const { methods, patterns, written, serve } of servedBy(options)) {
    for (const pattern of patterns) {
      const handler = (
        req: IncomingMessage,
        res: ServerResponse,
        params: Matched['params'],
        query: unknown,
      ) => {
        if (!written.test(req.url ?? '')) return otherwise(req, res);
        serve(req, res, { params, query, remoteAddress: remoteAddressOf(req) });
      };
      const store = { written };
      router.on(
        [...methods],
        pattern,
        (req, res, params, _store, query) => handler(req, res, params, query),
        store,
      );
    }
  }
  return (req, res) => router.lookup(req, res);
}

function servedBy({ routes, pages, sites, environment }: RouterOptions): Served[] {
  return [
    ...routes.map((bound): Served => {
      const { method, path } = bound.contract;
      const methods = method === 'get' ? READING : [upper(method)];
      const serve = serveRoute(bound, environment);
      return { methods, patterns: [patternOf(path)], written: writtenAs(path), serve };
    }),
    ...pages.map((page): Served => {
      const serve = servePage(page, environment);
      return { methods: READING, patterns: [page.path], written: writtenAs(page.path), serve };
    }),
    ...sites.map(({ path, methods, listener }): Served => {
      const written = new RegExp(`^${path}(?:[/?#]|$)`);
      return { methods, patterns: [path, `${path}/*`], written, serve: listener };
    }),
  ];
}

function allowedAt(router: Instance<HTTPVersion.V1>, target: string): readonly Method[] {
  if (target === '*') return METHODS;
  return METHODS.filter((method) => {
    const store: { written?: RegExp } | null | undefined = router.find(method, target)?.store;
    return store?.written?.test(target) === true;
  });
}

function allowText(methods: readonly HTTPMethod[]): string {
  return [...methods, 'OPTIONS'].join(', ');
}

function refusalOf(req: IncomingMessage, allowed: readonly Method[]): Failure {
  if (allowed.length === 0) return new Failure('not-found', 'There is nothing at this path');
  const Allow = allowText(allowed);
  return new HttpFailure('method-not-allowed', `${req.method} is not defined here; there are ${Allow}`, {
    Allow,
  });
}

function addressReader(trustProxy: number): (req: IncomingMessage) => string | undefined {
  if (trustProxy === 0) return (req) => req.socket.remoteAddress;
  return (req) => proxyAddr(req, (_address, hop) => hop < trustProxy);
}

function upper(method: Exclude<BoundRoute['contract']['method'], 'get'>) {
  return method.toUpperCase() as Uppercase<typeof method>;
}

/** The router also takes a path with an empty parameter, or with its fixed parts percent-encoded. */
function writtenAs(path: string): RegExp {
  const fixed = path.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${fixed.join('[^/?#]+')}/?(?:[?#]|$)`);
}

/** `/v1/topics/{id}` as routers write it: `/v1/topics/:id`. */
function patternOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
