import type { IncomingMessage } from 'node:http';
import { Failure } from '@anika/core/failures';

/**
 * Fields with one value. Node takes the first of two or joins them, and a proxy on the way may have taken the other:
 * who is believed to call, and what for, must not depend on it. The same of those that are attributes of a CloudEvent.
 */
const SINGLE = new Set(['host', 'authorization', 'content-type', 'idempotency-key', 'origin']);

/** Refuses what is well-formed for Node and not for RFC 9112, or would be read differently by others. */
export function checkRequest(req: IncomingMessage): void {
  const seen = new Set<string>();
  // Names and values in turn, as they came.
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i]?.toLowerCase() ?? '';
    if (!SINGLE.has(name) && !name.startsWith('ce-')) continue;
    if (seen.has(name)) throw new Failure('bad-request', `The header ${name} was sent more than once`);
    seen.add(name);
  }
  if (!seen.has('host') && req.httpVersion === '1.1') {
    throw new Failure('bad-request', 'An HTTP/1.1 request must have a Host header');
  }
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;

/** The target as a path and a query, of an absolute URL too, as forward proxies send it (RFC 9112 3.2.2). */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const [origin] = ABSOLUTE_FORM.exec(target) ?? [];
  if (origin === undefined) return target;
  const rest = target.slice(origin.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
