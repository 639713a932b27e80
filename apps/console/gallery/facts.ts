import type { auditEntry } from '@anika/contracts/audit';
import type { rangeReceipt } from '@anika/contracts/receipts';
import type { z } from 'zod';
import { ApiProblem } from '../src/api/api.ts';
import type { ListQuery } from '../src/api/use-api.ts';
import type { Grant } from '../src/grants/terms.ts';
import type { Replay } from '../src/replays/replay-actions.tsx';

type AuditEntry = z.output<typeof auditEntry>;
type Receipt = z.output<typeof rangeReceipt>;

/** What examples are filled with: what partners may really send, at its worst. */
export const LONG =
  'Заявка на предварительное одобрение автокредита с государственной поддержкой для сотрудников бюджетных организаций';
export const UNBROKEN = 'https://notifications.example/'.concat('v1/incoming/'.repeat(12), 'x'.repeat(80));
export const HOSTILE = '<img src=x onerror="alert(1)"> "\'&amp;{count} \u202etxt.exe\u202c';

/** Digits that no number of a browser has, a name twice, and names that mean something to programs. */
export const EXACT = `{"sum":12345678901234567890,"rate":0.10000000000000000555,"e":1E400,"sum":-0,
"__proto__":{"constructor":[true,false,null,"",{}]},${JSON.stringify(HOSTILE)}:${JSON.stringify(HOSTILE)},
"long":${JSON.stringify(LONG)},"url":${JSON.stringify(UNBROKEN)},"empty":{},"none":[]}`;

export const AT = '2026-03-08T06:59:30.125Z';
export const SHA = '9c1f'.repeat(16);
export const OWN = { id: 'par_01kb3v6m0eqx4tq2h7s9d5c8fz', name: 'ЭкспоБанк' };
export const OTHER = { id: 'par_01kb3v6m0eqx4tq2h7s9d5c8f0', name: HOSTILE };
export const TOPIC = { id: 'top_01kb3v6m0eqx4tq2h7s9d5c8fz', name: LONG };
export const MESSAGE_ID = 'msg_01kb3v6m0eqx4tq2h7s9d5c8fz';
export const DELIVERY_ID = 'dlv_01kb3v6m0eqx4tq2h7s9d5c8fz';
export const SUBSCRIPTION = { id: 'sub_01kb3v6m0eqx4tq2h7s9d5c8fz', description: UNBROKEN };

/** Of the company that has signed in. */
export const GRANT: Grant = {
  id: 'grt_01kb3v6m0eqx4tq2h7s9d5c8fz',
  topicId: TOPIC.id,
  partnerId: OWN.id,
  state: 'active',
  version: 3,
  purpose: LONG,
  fields: null,
  types: [],
  filter: null,
  history: true,
  createdAt: AT,
  updatedAt: AT,
  expiresAt: null,
  revokedAt: null,
  revokedBy: null,
};

export const RECEIPT: Receipt = {
  kind: 'pair',
  format: 'anika-receipt-1',
  issuer: 'https://anika.example',
  topicId: TOPIC.id,
  ownerId: OWN.id,
  partnerId: OWN.id,
  from: AT,
  to: AT,
  complete: true,
  accepted: 5310,
  underWay: 0,
  deliveries: { pending: 0, retrying: 0, delivered: 5298, dead: 3, cancelled: 9, held: 0 },
  deliveredAtFirstAttempt: 5200,
  messages: 5310,
  withoutDelivery: 0,
  timeToDeliveryMs: { median: 84, p95: 400, p99: 61_000 },
  oldestUndeliveredAt: null,
  fingerprint: '7F3A-91C2',
  jws: SHA,
};

export const PAUSED_REPLAY: Replay = {
  id: 'rpl_01kb3v6m0eqx4tq2h7s9d5c8fz',
  subscriptionId: SUBSCRIPTION.id,
  topicId: TOPIC.id,
  state: 'paused',
  reason: null,
  from: AT,
  to: AT,
  types: [],
  filter: null,
  only: 'missing',
  perSecond: 50,
  matched: 12,
  isRead: true,
  started: 4,
  underWay: 0,
  delivered: 4,
  dead: 0,
  cancelled: 0,
  createdAt: AT,
  endedAt: null,
};

/** Of topics that are known from the log alone. */
export const LOGGED: readonly AuditEntry[] = ['1', '2', '3'].map((n) => ({
  seq: Number(n),
  at: AT,
  action: 'topic.created',
  actorId: null,
  actorPartnerId: null,
  remoteAddress: null,
  topicId: `top_01kb3v6m0eqx4tq2h7s9d5c8f${n}`,
  subjectId: null,
  before: null,
  after: { name: `${LONG} ${n}` },
  prevHash: SHA,
  hash: SHA,
}));

export const nothing = () => undefined;

export function problemOf(
  code: string,
  { status = 422, errors }: { status?: number; errors?: readonly { path: string; message: string }[] } = {},
): ApiProblem {
  const problem = {
    type: `https://anika.example/errors#${code}`,
    title: 'Cannot do it',
    status,
    code,
    detail: `Cannot create subscription: ${UNBROKEN} leads to ${HOSTILE}`,
    requestId: 'req-4f1c0a9be2d74c55a1f3',
    ...(errors !== undefined && { errors: [...errors] }),
  };
  return new ApiProblem(code, { status, problem });
}

export function listOf<T>(items: readonly T[], more: Partial<ListQuery<T>> = {}): ListQuery<T> {
  return {
    items,
    isLoading: false,
    isFetching: false,
    error: null,
    updatedAtMs: Date.parse(AT),
    more: undefined,
    isLoadingMore: false,
    refresh: nothing,
    ...more,
  };
}
