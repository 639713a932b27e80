import { ALL_ROUTES } from '@anika/contracts/all-routes';
import type { RouteContract } from '@anika/contracts/route';
import type { IdPrefix } from '@anika/core/ids';
import { z } from 'zod';
import { prefixInPath } from './known-ids.ts';

/** Somewhere in the API that takes an id: in a path, a query or a body. */
export type Place = {
  /** Such as `PATCH /v1/topics/{id}` or `GET /v1/messages?topicId=`. */
  readonly title: string;
  readonly where: 'path' | 'query' | 'body';
  readonly prefix: IdPrefix;
  readonly contract: RouteContract;
  /** @param own ids of the caller's, for the other places of the same request */
  request(id: string, own: OwnIds): PlacedRequest;
};

export type OwnIds = { readonly topicId: string; readonly messageId: string; readonly partnerId: string };
export type PlacedRequest = { readonly path: string; readonly body?: unknown };

export const MESSAGE = { type: 'car.chosen', data: { car: 'Нива' } };

/** What a route is sent when only its id is wrong. */
const BODIES: Readonly<Record<string, unknown>> = {
  updatePartner: { name: 'Другой' },
  updateUser: { role: 'developer' },
  updateTopic: { description: 'Другое' },
  putGrant: {},
  requestAccess: { purpose: 'Скоринг' },
  approveAccessRequest: {},
  refuseAccessRequest: { reason: 'Не сейчас' },
  updateSubscription: { description: 'Другое' },
  rotateSecret: { graceSeconds: 60 },
  redriveSubscription: { states: ['dead'] },
  startReplay: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', only: 'missing' },
  ackDeliveries: { items: [{ deliveryId: `dlv_${'0'.repeat(42)}`, lease: 'a-lease', outcome: 'done' }] },
  recallMessage: { reason: 'По ошибке' },
  updateNoticeSettings: { email: 'none' },
  publishMessage: MESSAGE,
  publishBatch: { messages: [MESSAGE] },
};

const QUERY_IDS: Readonly<Record<string, IdPrefix>> = {
  topicId: 'top',
  subscriptionId: 'sub',
  partnerId: 'par',
};

/** Every one of them. A new route is in it by itself. */
export const PLACES: readonly Place[] = [
  ...ALL_ROUTES.flatMap(inPath),
  ...ALL_ROUTES.flatMap(inQuery),
  ...inBodies(),
];

function inPath(contract: RouteContract): Place[] {
  return [...contract.path.matchAll(/\{(\w+)\}/g)].flatMap(([, parameter = '']) => {
    const prefix = prefixInPath(contract.path, parameter);
    if (prefix === undefined) throw new Error(`no kind of id is known for ${parameter} of ${contract.path}`);
    return {
      title: `${methodOf(contract)} ${contract.path}${parameter === 'id' ? '' : ` (${parameter})`}`,
      where: 'path',
      prefix,
      contract,
      request: (id, own) => ({
        path: contract.path
          .replace(`{${parameter}}`, id)
          .replace('{id}', own.topicId)
          .replace('{partnerId}', own.partnerId),
        ...(contract.id in BODIES && { body: BODIES[contract.id] }),
      }),
    };
  });
}

function inQuery(contract: RouteContract): Place[] {
  const names = contract.query instanceof z.ZodObject ? Object.keys(contract.query.shape) : [];
  return names.flatMap((name) => {
    const prefix = QUERY_IDS[name];
    if (prefix === undefined) return [];
    return {
      title: `${methodOf(contract)} ${contract.path}?${name}=`,
      where: 'query',
      prefix,
      contract,
      request: (id, own) => {
        const query = new URLSearchParams({ ...requiredQuery(contract, own), [name]: id });
        return { path: `${ownPath(contract, own)}?${query}` };
      },
    };
  });
}

/** With an own id in its place. */
function ownPath({ path }: RouteContract, own: OwnIds): string {
  return path.replace('{id}', prefixInPath(path, 'id') === 'msg' ? own.messageId : own.topicId);
}

const ONE_DAY = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };

/** What a route's query cannot do without. */
function requiredQuery({ id }: RouteContract, own: OwnIds): Record<string, string> {
  if (id === 'receipts') return { topicId: own.topicId, ...ONE_DAY };
  if (id === 'stats') return { scope: 'pair', id: own.topicId, ...ONE_DAY };
  return {};
}

function inBodies(): Place[] {
  const inBody = (
    id: string,
    { member, prefix }: { member: string; prefix: IdPrefix },
    request: Place['request'],
  ): Place => {
    const contract = ALL_ROUTES.find((route) => route.id === id);
    if (contract === undefined) throw new Error(`there is no route ${id}`);
    return {
      title: `${methodOf(contract)} ${contract.path} {${member}}`,
      where: 'body',
      prefix,
      contract,
      request,
    };
  };
  return [
    inBody('createSubscription', { member: 'topicId', prefix: 'top' }, (topicId) => ({
      path: '/v1/subscriptions',
      body: { topicId, url: 'https://endpoint.example/hook' },
    })),
    inBody('publishMessage', { member: 'audience', prefix: 'par' }, (partnerId, own) => ({
      path: `/v1/topics/${own.topicId}/messages`,
      body: { ...MESSAGE, audience: [partnerId] },
    })),
    inBody('publishBatch', { member: 'messages.audience', prefix: 'par' }, (partnerId, own) => ({
      path: `/v1/topics/${own.topicId}/messages/batch`,
      body: { messages: [{ ...MESSAGE, audience: [partnerId] }] },
    })),
  ];
}

function methodOf({ method }: RouteContract): string {
  return method.toUpperCase();
}
