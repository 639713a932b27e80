import { ALL_ROUTES } from '@anika/contracts/all-routes';
import type { IdPrefix } from '@anika/core/ids';
import {
  createKey,
  createTopic,
  createUser,
  PASSWORD,
  publish,
  requestAccess,
  subscribe,
  succeed,
} from './company.ts';
import { PLACES, type Place } from './places.ts';
import { ask, difference, MEMBERS, type Stage, type StatefulRow } from './stage.ts';

/** The record of what was: the audit log, and the deliveries a company got, while they are kept. */
const REMEMBERS = ['listAudit', 'exportAudit', 'listDeliveries'];

/** Wherever an id that is no more is named, the answer is that of one that never was. */
async function isGone(stage: Stage, { prefix, id, token, remembers = [] }: Gone): Promise<string[]> {
  const findings: string[] = [];
  const except = [...REMEMBERS, ...remembers];
  for (const place of PLACES.filter((one) => one.prefix === prefix && !except.includes(one.contract.id))) {
    const told = await difference(stage, { place, id, token });
    if (told !== undefined) findings.push(told);
  }
  return findings;
}

type Gone = {
  readonly prefix: IdPrefix;
  readonly id: string;
  readonly token: string;
  /** Further routes that tell of what was, by the ids of their contracts. */
  readonly remembers?: readonly string[];
};

/** Every route that is not public answers 401 to a credential that has ended. */
async function isLockedOut(stage: Stage, who: string, token: string): Promise<string[]> {
  const findings: string[] = [];
  for (const contract of ALL_ROUTES.filter(({ access }) => access !== 'public')) {
    const place = PLACES.find((one) => one.contract === contract) ?? plainPlace(contract);
    const { status } = await ask(stage, { place, id: stage.victim.canary.topicId, token });
    if (status !== 401) findings.push(`${place.title} answers ${status} to ${who}`);
  }
  return findings;
}

function plainPlace(contract: Place['contract']): Place {
  const { method, path } = contract;
  return {
    title: `${method.toUpperCase()} ${path}`,
    where: 'path',
    prefix: 'top',
    contract,
    request: () => ({ path, ...(contract.body !== undefined && { body: {} }) }),
  };
}

async function cannotSignIn(stage: Stage, email: string, refreshToken?: string): Promise<string[]> {
  const { call } = stage.anika.client;
  const login = await call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } });
  const refresh =
    refreshToken === undefined
      ? { status: 401 }
      : await call('POST', '/v1/auth/refresh', { body: { refreshToken } });
  return [
    ...(login.status === 401 ? [] : [`login answers ${login.status}`]),
    ...(refresh.status === 401 ? [] : [`refresh answers ${refresh.status}`]),
  ];
}

async function tokensOf(stage: Stage, email: string): Promise<{ accessToken: string; refreshToken: string }> {
  return succeed(stage.anika, 'POST /v1/auth/login', { body: { email, password: PASSWORD } });
}

const remove = (stage: Stage, path: string) =>
  succeed(stage.anika, `DELETE ${path}`, { token: stage.intruder.tokens.admin });

/** A topic of the intruder's with a subscription and a message that has arrived. */
async function furnishedTopic(stage: Stage, token: string) {
  const { id: topicId } = await createTopic(stage.anika, token);
  const { id: subscriptionId } = await subscribe(stage.anika, token, { topicId });
  const published = await publish(stage.anika, token, { topicId, data: { car: 'Лада' } });
  return { topicId, subscriptionId, ...published };
}

const DELETED_ROWS: readonly StatefulRow[] = [
  {
    title: 'a deleted topic, wherever its id is named, is as one that never was; so are its subscriptions',
    async check(stage) {
      const token = stage.intruder.tokens.admin;
      const { topicId, subscriptionId } = await furnishedTopic(stage, token);
      await remove(stage, `/v1/topics/${topicId}`);
      return [
        ...(await isGone(stage, { prefix: 'top', id: topicId, token })),
        ...(await isGone(stage, { prefix: 'sub', id: subscriptionId, token })),
      ];
    },
  },
  {
    title: 'a deleted subscription, wherever its id is named, is as one that never was',
    async check(stage) {
      const token = stage.intruder.tokens.admin;
      const { subscriptionId } = await furnishedTopic(stage, token);
      await remove(stage, `/v1/subscriptions/${subscriptionId}`);
      return isGone(stage, { prefix: 'sub', id: subscriptionId, token });
    },
  },
  {
    title: 'a delivery of a deleted subscription can be read, and not be sent again',
    async check(stage) {
      const { anika, intruder } = stage;
      const token = intruder.tokens.admin;
      const { subscriptionId, deliveryId } = await furnishedTopic(stage, token);
      await remove(stage, `/v1/subscriptions/${subscriptionId}`);
      const sentBefore = anika.receiver.received.length;
      const read = await anika.client.call('GET', `/v1/deliveries/${deliveryId}`, { token });
      const retry = await anika.client.call('POST', `/v1/deliveries/${deliveryId}/retry`, { token });
      return [
        ...(read.status === 200 ? [] : [`reading it answers ${read.status}`]),
        ...(retry.status === 404 || retry.status === 409 ? [] : [`retry answers ${retry.status}`]),
        ...(anika.receiver.received.length === sentBefore ? [] : ['it was sent again']),
      ];
    },
  },
  {
    title: 'a deleted user, wherever its id is named, is as one that never was, and it is locked out',
    async check(stage) {
      const token = stage.intruder.tokens.admin;
      const user = await createUser(stage.anika, token);
      const { accessToken, refreshToken } = await tokensOf(stage, user.email);
      await remove(stage, `/v1/users/${user.id}`);
      return [
        ...(await isGone(stage, { prefix: 'usr', id: user.id, token })),
        ...(await isLockedOut(stage, 'the deleted user', accessToken)),
        ...(await cannotSignIn(stage, user.email, refreshToken)),
      ];
    },
  },
  {
    title: 'a deleted API key, wherever its id is named, is as one that never was, and it opens nothing',
    async check(stage) {
      const token = stage.intruder.tokens.admin;
      const key = await createKey(stage.anika, token);
      await succeed(stage.anika, 'GET /v1/auth/me', { token: key.key });
      await remove(stage, `/v1/api-keys/${key.id}`);
      return [
        ...(await isGone(stage, { prefix: 'key', id: key.id, token })),
        ...(await isLockedOut(stage, 'the deleted key', key.key)),
      ];
    },
  },
];

const ENDED_ROWS: readonly StatefulRow[] = [
  {
    title: 'a revoked grant: topic and messages are for the reader as if they never were',
    async check(stage) {
      const { anika, intruder, victim } = stage;
      const token = intruder.tokens.admin;
      const { topicId, messageId } = await furnishedTopic(stage, victim.tokens.admin);
      const grant = `/v1/topics/${topicId}/grants/${intruder.id}`;
      await succeed(anika, `PUT ${grant}`, { token: victim.tokens.admin, body: { history: true } });
      await succeed(anika, `GET /v1/topics/${topicId}`, { token });
      await succeed(anika, `DELETE ${grant}`, { token: victim.tokens.admin });
      return [
        // What came while the grant was good stays counted for both sides.
        ...(await isGone(stage, { prefix: 'top', id: topicId, token, remembers: ['receipts'] })),
        // Why it does not come any more is told: the grant has ended.
        ...(await isGone(stage, { prefix: 'msg', id: messageId, token, remembers: ['explainMessage'] })),
      ];
    },
  },
  {
    title: 'a withdrawn access request can be neither approved nor refused nor withdrawn',
    async check(stage) {
      const { anika, intruder, victim } = stage;
      const owner = victim.tokens.admin;
      const { id: topicId } = await createTopic(anika, owner, { visibility: 'listed' });
      const id = await requestAccess(anika, intruder.tokens.admin, topicId);
      const path = `/v1/access-requests/${id}`;
      await succeed(anika, `POST ${path}/withdraw`, { token: intruder.tokens.admin });
      const late = [
        ['approve', owner, {}],
        ['refuse', owner, { reason: 'Не сейчас' }],
        ['withdraw', intruder.tokens.admin, undefined],
      ] as const;
      const findings: string[] = [];
      for (const [step, token, body] of late) {
        const { status } = await anika.client.call('POST', `${path}/${step}`, { token, body });
        if (status !== 409) findings.push(`${step} answers ${status}`);
      }
      const grants = await succeed(anika, `GET /v1/topics/${topicId}/grants`, { token: owner });
      return grants.items.length === 0 ? findings : [...findings, 'there is a grant of it'];
    },
  },
  {
    title: 'a role that was taken away is not used any more, though the token is older',
    async check(stage) {
      const token = stage.intruder.tokens.admin;
      const user = await createUser(stage.anika, token);
      const path = `/v1/users/${user.id}`;
      await succeed(stage.anika, `PATCH ${path}`, { token, body: { role: 'admin' } });
      const { accessToken } = await tokensOf(stage, user.email);
      await succeed(stage.anika, 'GET /v1/users', { token: accessToken });
      await succeed(stage.anika, `PATCH ${path}`, { token, body: { role: 'viewer' } });
      const { status } = await stage.anika.client.call('GET', '/v1/users', { token: accessToken });
      return status === 403 || status === 401 ? [] : [`GET /v1/users answers ${status}`];
    },
  },
  {
    title: 'a refresh token that was logged out gives no tokens, nor does the one it came from',
    async check(stage) {
      const user = await createUser(stage.anika, stage.intruder.tokens.admin);
      const first = await tokensOf(stage, user.email);
      const second = await succeed(stage.anika, 'POST /v1/auth/refresh', {
        body: { refreshToken: first.refreshToken },
      });
      await succeed(stage.anika, 'POST /v1/auth/logout', { body: { refreshToken: second.refreshToken } });
      const findings: string[] = [];
      for (const { refreshToken } of [second, first]) {
        const { status } = await stage.anika.client.call('POST', '/v1/auth/refresh', {
          body: { refreshToken },
        });
        if (status !== 401) findings.push(`refresh answers ${status}`);
      }
      return findings;
    },
  },
  {
    title: 'a suspended company: all its users and keys are locked out, until it is active again',
    async check(stage) {
      const { anika, intruder } = stage;
      const path = `PATCH /v1/partners/${intruder.id}`;
      const { refreshToken } = await tokensOf(stage, intruder.adminEmail);
      await succeed(anika, path, { token: await anika.operatorToken(), body: { status: 'suspended' } });
      const findings: string[] = [];
      for (const member of MEMBERS)
        findings.push(...(await isLockedOut(stage, member, intruder.tokens[member])));
      findings.push(...(await cannotSignIn(stage, intruder.adminEmail, refreshToken)));
      await succeed(anika, path, { token: await anika.operatorToken(), body: { status: 'active' } });
      const { status } = await anika.client.call('GET', '/v1/topics', { token: intruder.tokens.key });
      return status === 200 ? findings : [...findings, `its key answers ${status} afterwards`];
    },
  },
];

/** Use after the end: of what was deleted, revoked, withdrawn, taken away, suspended. */
export const AFTER_END_ROWS: readonly StatefulRow[] = [...DELETED_ROWS, ...ENDED_ROWS];
