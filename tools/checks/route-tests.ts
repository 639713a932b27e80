import type { RouteContract } from '@anika/contracts/route';

export type TestFile = { readonly path: string; readonly text: string };
type Route = Pick<RouteContract, 'id' | 'method' | 'path'>;
/** A path as a test writes it; `{}` stands for each `${…}` in it. */
type Call = { readonly method: string | undefined; readonly path: string };

/**
 * The test files that call each route, as far as reading them tells: its method and path stand next to each other, or
 * its path belongs to no other route. What a shared helper calls is not seen.
 */
export function testsOfRoutes(
  routes: readonly Route[],
  files: readonly TestFile[],
): ReadonlyMap<string, readonly string[]> {
  const called = files.map((file) => ({ file, calls: callsIn(file.text) }));
  return new Map(
    routes.map((route) => [
      route.id,
      called
        .filter(({ file, calls }) => calls.some((call) => isCallOf(call, { route, routes, text: file.text })))
        .map(({ file }) => file.path),
    ]),
  );
}

const STARTS =
  /(?:(['"])(GET|POST|PUT|PATCH|DELETE)\1,\s*)?(['"`])(?:\$\{[\w.]+\})?(?=\/(?:v1|internal|\.well-known)\/)/g;

/** Every path of the API that stands in a string, with its method when that is the argument before. */
export function callsIn(text: string): Call[] {
  return [...text.matchAll(STARTS)].map((match) => ({
    method: match[2]?.toLowerCase(),
    path: pathAt(text, { from: match.index + match[0].length, quote: match[3] ?? '' }),
  }));
}

function pathAt(text: string, { from, quote }: { from: number; quote: string }): string {
  let path = '';
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== '?' && text[at] !== '\n') {
    if (text.startsWith('${', at)) {
      path += '{}';
      at = endOfHole(text, at + 2);
    } else {
      path += text[at];
      at += 1;
    }
  }
  return path;
}

/** After the `}` that closes a `${`. */
function endOfHole(text: string, from: number): number {
  let depth = 1;
  let at = from;
  while (at < text.length && depth > 0) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    at += 1;
  }
  return at;
}

type Context = { readonly route: Route; readonly routes: readonly Route[]; readonly text: string };

function isCallOf(call: Call, { route, routes, text }: Context): boolean {
  if (!fits(call.path, route.path, text)) return false;
  if (call.method !== undefined) return call.method === route.method;
  return routes.filter(({ path }) => path === route.path).length === 1;
}

/** A `${…}` may stand for a fixed segment when the file has that as a string, e.g. `'pause'`. */
function fits(written: string, path: string, text: string): boolean {
  const given = written.split('/');
  const segments = path.split('/');
  return (
    given.length === segments.length &&
    segments.every((segment, n) => {
      if (segment.startsWith('{')) return true;
      return given[n] === segment || (given[n] === '{}' && text.includes(`'${segment}'`));
    })
  );
}
