import { Failure, type FieldError, invalid } from '@anika/core/failures';
import { type Said, said } from '@anika/core/field-rules';
import { memberText } from '@anika/core/json-text';
import { REPLAY_MAX_DAYS, REPLAY_MAX_MS } from '@anika/core/replay/replay';
import type { DeliveryType, Format, Signature, Subscription } from '@anika/core/subscription';
import { filterOf } from '../grants/grant-terms.ts';

/** What a subscriber may set, as the contract lets it in. */
export type SubscriptionBody = {
  readonly url?: string | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly filter?: unknown;
  readonly headers?: Readonly<Record<string, string>> | null | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxConcurrency?: number | undefined;
  readonly rateLimitPerSecond?: number | null | undefined;
  readonly description?: string | null | undefined;
  readonly signature?: Signature | undefined;
  readonly format?: Format | undefined;
};

export type SubscriptionFields = Pick<
  Subscription,
  | 'url'
  | 'eventTypes'
  | 'filter'
  | 'timeoutMs'
  | 'maxConcurrency'
  | 'rateLimitPerSecond'
  | 'description'
  | 'signature'
  | 'format'
> & {
  /** Not sealed yet; a hidden value keeps what is stored. */
  readonly headers: Readonly<Record<string, string>> | undefined;
};

export type EndpointRules = {
  /** Why an address may not be an endpoint. */
  readonly urlProblem: (url: string) => Said | undefined;
  readonly headersProblem: (headers: Readonly<Record<string, string>>) => readonly FieldError[];
};

/** The fields that the body names, checked; `null` takes a value away. The digits of a filter are in the source. */
export function parseSubscription(
  body: SubscriptionBody,
  bodyText: string,
  rules: EndpointRules,
): Partial<SubscriptionFields> {
  if (body.url !== undefined) checkUrl(body.url, rules);
  if (body.headers) checkHeaders(body.headers, rules);
  const { url, eventTypes, filter, headers, timeoutMs, maxConcurrency, rateLimitPerSecond, description } =
    body;
  return {
    ...(url !== undefined && { url }),
    ...(eventTypes !== undefined && { eventTypes: [...new Set(eventTypes)] }),
    ...(filter !== undefined && { filter: filterOf(memberText(bodyText, 'filter'), 'filter') }),
    ...(headers !== undefined && { headers: headers ?? undefined }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(rateLimitPerSecond !== undefined && { rateLimitPerSecond: rateLimitPerSecond ?? undefined }),
    ...(description !== undefined && { description: description ?? undefined }),
    ...(body.signature !== undefined && { signature: body.signature }),
    ...(body.format !== undefined && { format: body.format }),
  };
}

/** What is only said of requests to an endpoint. */
const OF_REQUESTS = ['url', 'headers', 'timeoutMs', 'maxConcurrency', 'rateLimitPerSecond'] as const;

/** One that pulls has no endpoint, and nothing is to be said of one. */
export function checkFitsDelivery(delivery: DeliveryType, fields: Partial<SubscriptionFields>): void {
  if (delivery === 'webhook') return;
  const odd = OF_REQUESTS.find((name) => fields[name] !== undefined);
  if (odd !== undefined) throw invalid(odd, 'cannot be given for a subscription that pulls');
}

/** One that pulls has no endpoint that could be asked anything. */
export function requireEndpoint({ delivery }: Pick<Subscription, 'delivery'>, what: string): void {
  if (delivery === 'pull') throw new Failure('conflict', `Cannot ${what}: the subscription pulls`);
}

function checkUrl(url: string, rules: EndpointRules): void {
  const problem = rules.urlProblem(url);
  if (problem === undefined) return;
  throw new Failure('endpoint-refused', `This url cannot be an endpoint: ${problem.message}`, {
    errors: [{ path: 'url', ...problem }],
  });
}

function checkHeaders(headers: Readonly<Record<string, string>>, rules: EndpointRules): void {
  const errors = rules.headersProblem(headers).map(({ path, message }) => ({
    path: path === '' ? 'headers' : `headers.${path}`,
    message,
  }));
  const [first] = errors;
  if (first !== undefined) {
    throw new Failure('validation-failed', `${first.path}: ${first.message}`, { errors });
  }
}

/**
 * The key of ed25519 is one for all companies: it may sign only what ANIKA itself has put together, with the topic in
 * it. The body of CloudEvents' binary form is the publisher's own words, which could pass for anything.
 */
export function checkSignedForm({
  signature,
  format,
}: Pick<SubscriptionFields, 'signature' | 'format'>): void {
  if (signature !== 'ed25519' || format !== 'cloudevents-binary') return;
  throw invalid('format', said('signed-form'));
}

/** A replay looks no further back. */
export function checkStartFrom(startFromMs: number | undefined, nowMs: number): void {
  if (startFromMs === undefined) return;
  if (startFromMs > nowMs) throw invalid('startFrom', said('in-future'));
  if (startFromMs < nowMs - REPLAY_MAX_MS)
    throw invalid('startFrom', said('too-long-ago', { count: REPLAY_MAX_DAYS }));
}
