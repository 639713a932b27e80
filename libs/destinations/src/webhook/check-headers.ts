import type { FieldError } from '@anika/core/failures';

const HEADERS_MAX = 20;
const HEADERS_MAX_CHARACTERS = 8192;
/** RFC 9110 §5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 §5.5, without the obsolete bytes above ASCII: not everybody reads those alike. */
const VALUE = /^[\t\x20-\x7e]*$/;

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);
/** What describes the request as we send it. */
const OURS = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'accept-encoding',
  'user-agent',
  'expect',
  'date',
  'via',
  'forwarded',
  'traceparent',
  'tracestate',
]);
/** They make some frameworks take the request for another than it is. */
const METHOD_OVERRIDES = new Set(['x-http-method', 'x-http-method-override', 'x-method-override']);
const OUR_PREFIXES = ['webhook-', 'anika-', 'ce-', 'x-forwarded-', 'proxy-'];

/** Why a subscriber's own header is refused; undefined when it is fine. */
export function headerProblem(name: string, value: string): string | undefined {
  const lower = name.toLowerCase();
  if (!TOKEN.test(name)) return 'is not a header name';
  if (HOP_BY_HOP.has(lower)) return 'belongs to the connection, not to the request';
  if (OURS.has(lower) || OUR_PREFIXES.some((prefix) => lower.startsWith(prefix))) return 'is set by ANIKA';
  if (METHOD_OVERRIDES.has(lower)) return 'would change the method of the request';
  if (!VALUE.test(value)) return 'must have a value of printable ASCII characters';
  return undefined;
}

/** All that is wrong with a set of headers. Paths are the names as they were given. */
export function headersProblem(headers: Readonly<Record<string, string>>): FieldError[] {
  const entries = Object.entries(headers);
  if (entries.length > HEADERS_MAX) return [{ path: '', message: `must be at most ${HEADERS_MAX} headers` }];
  const size = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > HEADERS_MAX_CHARACTERS) {
    return [{ path: '', message: `must be at most ${HEADERS_MAX_CHARACTERS} characters in all` }];
  }
  const seen = new Set<string>();
  return entries.flatMap(([name, value]) => {
    const repeated = seen.has(name.toLowerCase()) ? 'is given twice' : undefined;
    seen.add(name.toLowerCase());
    const problem = headerProblem(name, value) ?? repeated;
    return problem === undefined ? [] : [{ path: name, message: problem }];
  });
}
