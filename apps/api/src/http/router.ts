import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import createRouter from 'find-my-way';
import proxyAddr from 'proxy-addr';
import { type BoundRoute, type RouteEnvironment, serveRoute } from './route.ts';

export type RouterOptions = {
  readonly routes: readonly BoundRoute[];
  readonly environment: RouteEnvironment;
  /** How many proxies in front of us are believed when they say who called (`X-Forwarded-For`). */
  readonly trustProxy: number;
  /** Takes what is none of the routes. */
  readonly otherwise: RequestListener;
};

/** Beyond what the server takes as headers: every name in a path is looked at, however long. */
const PARAM_MAX = 1_000_000;

/**
 * Leads a request to the route of its method and path. Express, which has everything else, gives every request and
 * response another prototype, and Node's own code is then slower with them: a third of what a publish costs us.
 */
export function createListener({
  routes,
  environment,
  trustProxy,
  otherwise,
}: RouterOptions): RequestListener {
  const router = createRouter({
    caseSensitive: true,
    ignoreTrailingSlash: true,
    maxParamLength: PARAM_MAX,
    querystringParser: (text) => parseQuery(text),
    defaultRoute: otherwise,
    onBadUrl: (_path, req, res) => otherwise(req as IncomingMessage, res as ServerResponse),
  });
  const isTrusted = (_address: string, hop: number) => hop < trustProxy;
  for (const bound of routes) {
    const serve = serveRoute(bound, environment);
    const { method, path } = bound.contract;
    // As HTTP wants it: what can be read can be asked about.
    const methods = method === 'get' ? (['GET', 'HEAD'] as const) : ([upper(method)] as const);
    const written = writtenAs(path);
    router.on([...methods], patternOf(path), (req, res, params, _store, query) => {
      if (!written.test(req.url ?? '')) {
        otherwise(req as IncomingMessage, res as ServerResponse);
        return;
      }
      const remoteAddress = trustProxy === 0 ? req.socket.remoteAddress : proxyAddr(req, isTrusted);
      void serve(req as IncomingMessage, res as ServerResponse, { params, query, remoteAddress });
    });
  }
  return (req, res) => router.lookup(req, res);
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
export function patternOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
