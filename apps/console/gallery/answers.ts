import {
  AT,
  EXACT,
  HOSTILE,
  LOGGED,
  LONG,
  MESSAGE_ID,
  OTHER,
  OWN,
  PAUSED_REPLAY,
  RECEIPT,
  SUBSCRIPTION,
  TOPIC,
  UNBROKEN,
} from './facts.ts';

const SUBSCRIBED = {
  ...SUBSCRIPTION,
  topicId: TOPIC.id,
  delivery: { type: 'webhook' },
  url: UNBROKEN,
  eventTypes: [],
  filter: null,
  headers: null,
  timeoutMs: 15_000,
  maxConcurrency: 8,
  rateLimitPerSecond: null,
  signature: 'hmac',
  format: 'anika',
  state: 'active',
  stateReason: null,
  createdAt: AT,
  updatedAt: AT,
  health: null,
};

/** How it does, once it is asked about alone. */
const HEALTH = {
  state: 'idle',
  failingSince: null,
  willBeDisabledAt: null,
  lastDeliveredAt: null,
  oldestPendingAt: null,
  open: { count: 0, more: false },
  held: { count: 0, more: false },
  dead: { count: 415, more: false },
};

/** What the API would answer, by its path; whatever is not here is answered 404. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/topics': {
    items: [
      {
        ...TOPIC,
        description: LONG,
        visibility: 'private',
        retentionDays: 30,
        schema: null,
        owner: OTHER,
        createdAt: AT,
        updatedAt: AT,
      },
    ],
    nextCursor: null,
  },
  '/v1/catalog': { items: [], nextCursor: null },
  '/v1/partners/directory': { items: [OWN, OTHER], nextCursor: null },
  '/v1/subscriptions': {
    items: [SUBSCRIBED],
    nextCursor: null,
  },
  [`/v1/subscriptions/${SUBSCRIPTION.id}`]: { ...SUBSCRIBED, health: HEALTH },
  // As text: what is written from a number has lost its digits.
  [`/v1/topics/${TOPIC.id}/grants/${OTHER.id}/preview`]: `{
    "considered": 5310, "matching": 1204,
    "warnings": [{ "path": ${JSON.stringify(HOSTILE)}, "reason": "leads nowhere" }],
    "samples": [{ "messageId": "${MESSAGE_ID}",
      "before": { "type": "car.selected", "key": "client-17", "data": ${EXACT} },
      "after": { "type": "car.selected", "key": null, "data": { "sum": 12345678901234567890 } } }]
  }`,
  [`/v1/topics/${TOPIC.id}/grants/${OWN.id}/preview`]: {
    considered: 0,
    matching: 0,
    warnings: [],
    samples: [],
  },
  [`/v1/topics/${TOPIC.id}/grants/${OWN.id}/resend`]: { resent: 9 },
  '/v1/receipts': { ...RECEIPT, underWay: 30, deliveries: { ...RECEIPT.deliveries, held: 12 } },
  '/v1/deliveries': { items: [], nextCursor: null },
  [`/v1/replays/${PAUSED_REPLAY.id}/resume`]: { ...PAUSED_REPLAY, state: 'running' },
  '/v1/audit': { items: LOGGED, nextCursor: null },
  '/v1/erasures': { dryRun: true, matched: 1204, complete: true },
  '/.well-known/jwks.json': { keys: [] },
};

const JSON_TYPE = { headers: { 'content-type': 'application/json' } };
let isInPlace = false;

export function answerInPlaceOfApi(): void {
  if (isInPlace) return;
  isInPlace = true;
  const real = window.fetch;
  window.fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, location.origin);
    if (!/^\/(v1|\.well-known)\//.test(pathname)) return real(input, init);
    const body = ANSWERS[pathname];
    if (body === undefined) return Response.json(NOT_FOUND, { status: 404 });
    return typeof body === 'string' ? new Response(body, JSON_TYPE) : Response.json(body);
  };
}

const NOT_FOUND = {
  type: 'https://anika.example/errors#not-found',
  title: 'Not found',
  status: 404,
  code: 'not-found',
  detail: 'There is no such thing',
  requestId: 'req-4f1c0a9be2d74c55a1f3',
};
