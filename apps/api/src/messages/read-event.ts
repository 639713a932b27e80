import type { IncomingHttpHeaders } from 'node:http';
import { partnersOf, publishedEvent } from '@anika/contracts/published-event';
import { mayBeExact, parseExact } from '@anika/core/exact-json';
import { Failure, type FieldError, invalid } from '@anika/core/failures';
import { memberText } from '@anika/core/json-text';
import { parsePart } from '../http/parse-part.ts';
import type { Body } from '../http/read-body.ts';
import { msOf } from '../http/times.ts';
import type { GivenMessage } from './new-message.ts';

/** The value is the text, parsed. */
export type Json = Pick<Body, 'text' | 'value'>;

const NOTHING: Json = { text: 'null', value: null };
const PREFIX = 'ce-';
const SPEC_VERSION = '1.0';
const KNOWN = new Set(Object.keys(publishedEvent.shape));
/** Why an attribute is refused that other systems take. */
const REFUSED = new Map([
  ['data_base64', 'is not carried: send JSON as `data`'],
  ['dataschema', 'is not passed on: the schema of the topic says what `data` must be'],
]);
const UNKNOWN = 'is an extension that no receiver would get: put it into `data`';

/** The attributes in `ce-…` headers, by their names (HTTP binding §3.1.3.1). */
export function eventHeaders(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name in headers) {
    if (name.startsWith(PREFIX)) found.set(name.slice(PREFIX.length), String(headers[name]));
  }
  return found;
}

/** A CloudEvent of the JSON format. Headers may repeat its attributes (§3.2.3): none may say something else. */
export function readEvent(
  { text, value }: Json,
  repeated: ReadonlyMap<string, string> = new Map(),
): GivenMessage {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure('validation-failed', 'A CloudEvent must be an object');
  }
  const attributes = new Map<string, unknown>(Object.entries(value));
  const data = { text: memberText(text, 'data') ?? NOTHING.text, value: attributes.get('data') ?? null };
  attributes.delete('data');
  for (const [name, header] of repeated) {
    if (String(attributes.get(name)) === decoded(name, header)) continue;
    throw invalid(`${PREFIX}${name}`, 'is not what the event itself says');
  }
  return messageOf(attributes, data);
}

/** A CloudEvent whose attributes are headers; the body is its data, and Content-Type says of what kind (§3.1). */
export function readBinary(body: Json | undefined, attributes: ReadonlyMap<string, string>): GivenMessage {
  for (const name of ['data', 'datacontenttype']) {
    if (attributes.has(name)) throw invalid(`${PREFIX}${name}`, 'is no header: send a body and Content-Type');
  }
  const texts = [...attributes].map(([name, header]) => [name, decoded(name, header)] as const);
  return messageOf(new Map(texts), body ?? NOTHING);
}

function messageOf(attributes: ReadonlyMap<string, unknown>, { text, value }: Json): GivenMessage {
  refuseLost(attributes);
  const event = parsePart(publishedEvent, Object.fromEntries(attributes), 'CloudEvent');
  return {
    type: event.type,
    key: event.subject ?? undefined,
    data: dataOf({ text, value }),
    dataText: text,
    audience: typeof event.anikaaudience === 'string' ? partnersOf(event.anikaaudience) : undefined,
    // Two line breaks, which neither may hold: it is no key of a header, and none of a place in a batch.
    idempotencyKey: `ce\n${event.source}\n${event.id}`,
    deliverAtMs: msOf(event.anikadeliverat ?? undefined),
  };
}

/** With all digits of its numbers. */
export function dataOf({ text, value }: Json): unknown {
  return mayBeExact(text) ? parseExact(text) : value;
}

/** What is not passed on is refused, so that nobody misses it later. */
function refuseLost(attributes: ReadonlyMap<string, unknown>): void {
  // Other versions have other attributes.
  if (attributes.get('specversion') !== SPEC_VERSION)
    throw invalid('specversion', `must be "${SPEC_VERSION}"`);
  const errors: FieldError[] = [...attributes]
    .filter(([name, value]) => value !== null && !KNOWN.has(name))
    .slice(0, 20)
    .map(([path]) => ({ path, message: REFUSED.get(path) ?? UNKNOWN }));
  const [first] = errors;
  if (first === undefined) return;
  throw new Failure('validation-failed', `${first.path} ${first.message}`, { errors });
}

/** HTTP binding §3.1.3.2: quotes around it are taken off, then one round of percent-decoding. */
function decoded(name: string, header: string): string {
  if (!/^[\x20-\x7e]*$/.test(header)) throw notDecoded(name);
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(header) ?? [];
  try {
    return decodeURIComponent(quoted?.replace(/\\(.)/g, '$1') ?? header);
  } catch {
    throw notDecoded(name);
  }
}

function notDecoded(name: string): Failure {
  return invalid(`${PREFIX}${name}`, 'must be ASCII, with what is not (and %) percent-encoded as UTF-8');
}
