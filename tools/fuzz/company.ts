import { randomBytes } from 'node:crypto';
import { eventually } from '@anika/testkit/eventually';
import type { Answer, CallOptions } from '../../apps/api/src/testing/test-client.ts';
import type { Anika } from './anika.ts';

export type Member = 'admin' | 'developer' | 'viewer' | 'key';

/** A company with a member of each role, and one of everything that nobody else may see or change. */
export type Company = {
  readonly id: string;
  readonly name: string;
  readonly adminEmail: string;
  readonly tokens: Readonly<Record<Member, string>>;
  readonly canary: Canary;
};

/** What a company has to itself: no grant covers it. */
export type Canary = {
  readonly topicId: string;
  readonly subscriptionId: string;
  readonly messageId: string;
  readonly deliveryId: string;
  readonly userId: string;
  readonly keyId: string;
  readonly accessRequestId: string;
  readonly invitationId: string;
  readonly replayId: string;
  readonly sessionId: string;
  /** On another's topic, with the company as its reader. */
  readonly grantId: string;
  readonly erasureId: string;
  /** Words that occur in it and nowhere else: what others are answered may hold none of them. */
  readonly words: Readonly<Record<'topic' | 'url' | 'email' | 'message' | 'secret' | 'key', string>>;
};

export const PASSWORD = 'correct horse battery';

/** `call` that throws unless it succeeds: for what the checks need, not for what they check. */
export async function succeed(anika: Anika, request: string, options: CallOptions): Promise<Answer['body']> {
  const [method = '', path = ''] = request.split(' ');
  const { status, body } = await anika.client.call(method, path, options);
  if (status < 300) return body;
  throw new Error(`${request} answered ${status}: ${JSON.stringify(body).slice(0, 300)}`);
}

/** @param asked the company whose listed topic the new one asks to read */
export async function createCompany(anika: Anika, asked?: string): Promise<Company> {
  const partner = await anika.client.createPartner();
  const [developer, viewer, key] = await Promise.all([
    partner.userToken('developer'),
    partner.userToken('viewer'),
    partner.apiKey(['publish', 'read', 'manage']),
  ]);
  const tokens = { admin: partner.token, developer, viewer, key };
  return {
    id: partner.id,
    name: partner.name,
    adminEmail: partner.adminEmail,
    tokens,
    canary: await createCanary(anika, partner, asked ?? (await createListedTopic(anika))),
  };
}

async function createListedTopic(anika: Anika): Promise<string> {
  const { token } = await anika.client.createPartner();
  return (await createTopic(anika, token, { visibility: 'listed' })).id;
}

export function newWord(): string {
  return `word${randomBytes(8).toString('hex')}`;
}

export async function createTopic(
  anika: Anika,
  token: string,
  more: object = {},
): Promise<{ id: string; name: string }> {
  return succeed(anika, 'POST /v1/topics', { token, body: { name: `Тема ${newWord()}`, ...more } });
}

export async function subscribe(
  anika: Anika,
  token: string,
  { topicId, path = newWord() }: { topicId: string; path?: string },
): Promise<{ id: string; secret: string }> {
  const body = { topicId, url: `${anika.receiver.url}/${path}` };
  return succeed(anika, 'POST /v1/subscriptions', { token, body });
}

export async function createUser(anika: Anika, token: string): Promise<{ id: string; email: string }> {
  const email = `${newWord()}@partner.test`;
  return anika.client.createUser(token, { email, password: PASSWORD, role: 'viewer' });
}

/** The id of an open invitation. */
export async function createInvitation(anika: Anika, token: string): Promise<string> {
  const body = { email: `${newWord()}@partner.test`, role: 'viewer' };
  return (await succeed(anika, 'POST /v1/invitations', { token, body })).id;
}

/** Of a time in which there was nothing. */
export async function createReplay(anika: Anika, token: string, subscriptionId: string): Promise<string> {
  const body = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', only: 'missing', perSecond: 1 };
  const { id } = await succeed(anika, `POST /v1/subscriptions/${subscriptionId}/replays`, { token, body });
  return id;
}

/** Of whose token it is. */
export async function newestSession(anika: Anika, token: string): Promise<string> {
  return (await succeed(anika, 'GET /v1/auth/sessions', { token })).items[0].id;
}

export async function createKey(anika: Anika, token: string): Promise<{ id: string; key: string }> {
  const body = { name: newWord(), scopes: ['publish', 'read', 'manage'] };
  return succeed(anika, 'POST /v1/api-keys', { token, body });
}

export async function publish(
  anika: Anika,
  token: string,
  { topicId, data }: { topicId: string; data: unknown },
): Promise<{ messageId: string; deliveryId: string }> {
  const body = { type: 'car.chosen', data };
  const { id } = await succeed(anika, `POST /v1/topics/${topicId}/messages`, { token, body });
  const deliveryId = await eventually<string | undefined>(async () => {
    const found = await succeed(anika, `GET /v1/messages/${id}/deliveries`, { token });
    return found.items.find((delivery: { state: string }) => delivery.state === 'delivered')?.id;
  });
  return { messageId: id, deliveryId: deliveryId ?? '' };
}

export async function requestAccess(anika: Anika, token: string, topicId: string): Promise<string> {
  const body = { purpose: newWord() };
  return (await succeed(anika, `POST /v1/topics/${topicId}/access-requests`, { token, body })).id;
}

/** The id of a grant to a company, on the topic of one of its own. */
export async function receiveGrant(anika: Anika, readerId: string): Promise<string> {
  const { token } = await anika.client.createPartner();
  const { id } = await createTopic(anika, token);
  return (await succeed(anika, `PUT /v1/topics/${id}/grants/${readerId}`, { token, body: {} })).id;
}

/** Of a person of whom there is nothing. */
export async function createErasure(anika: Anika, token: string): Promise<string> {
  const body = { key: newWord(), reason: 'asked for' };
  return (await succeed(anika, 'POST /v1/erasures', { token, body })).id;
}

async function createCanary(
  anika: Anika,
  { id, token }: { id: string; token: string },
  listedTopicId: string,
): Promise<Canary> {
  const words = { url: newWord(), message: newWord() };
  const topic = await createTopic(anika, token);
  const subscription = await subscribe(anika, token, { topicId: topic.id, path: words.url });
  const published = await publish(anika, token, { topicId: topic.id, data: { car: words.message } });
  const [user, key] = await Promise.all([createUser(anika, token), createKey(anika, token)]);
  return {
    topicId: topic.id,
    subscriptionId: subscription.id,
    ...published,
    userId: user.id,
    keyId: key.id,
    accessRequestId: await requestAccess(anika, token, listedTopicId),
    invitationId: await createInvitation(anika, token),
    replayId: await createReplay(anika, token, subscription.id),
    sessionId: await newestSession(anika, token),
    grantId: await receiveGrant(anika, id),
    erasureId: await createErasure(anika, token),
    words: { ...words, topic: topic.name, email: user.email, secret: subscription.secret, key: key.key },
  };
}

/** An operator may rename a company. */
function withoutOwnersName(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value) => (key === 'owner' ? value.id : value));
}

/** Everything of a canary as its company sees it, to be compared with the same of later. */
export async function lookAt(
  anika: Anika,
  { id, adminEmail, canary }: Company,
): Promise<Record<string, unknown>> {
  // Anew: a suspension ends what was open before it.
  const token = await anika.client.login(adminEmail, PASSWORD);
  const paths = {
    topic: `/v1/topics/${canary.topicId}`,
    grants: `/v1/topics/${canary.topicId}/grants`,
    subscription: `/v1/subscriptions/${canary.subscriptionId}`,
    secret: `/v1/subscriptions/${canary.subscriptionId}/secret`,
    message: `/v1/messages/${canary.messageId}`,
    messages: `/v1/messages?topicId=${canary.topicId}`,
    delivery: `/v1/deliveries/${canary.deliveryId}`,
    me: '/v1/auth/me',
  };
  const seen = await Promise.all(
    Object.entries(paths).map(async ([what, path]) => {
      const { status, body } = await anika.client.call('GET', path, { token });
      return [what, { status, body: withoutOwnersName(body) }];
    }),
  );
  const users = await succeed(anika, 'GET /v1/users?limit=200', { token });
  const keys = await succeed(anika, 'GET /v1/api-keys?limit=200', { token });
  const byId = (one: string) => (item: { id: string }) => item.id === one;
  return {
    ...Object.fromEntries(seen),
    partner: id,
    user: users.items.find(byId(canary.userId)),
    key: keys.items.find(byId(canary.keyId)),
  };
}
