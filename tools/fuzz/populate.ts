import pLimit from 'p-limit';
import type { Anika } from './anika.ts';
import {
  type Company,
  createInvitation,
  createKey,
  createReplay,
  createTopic,
  createUser,
  publish,
  requestAccess,
  subscribe,
  succeed,
} from './company.ts';
import type { KnownIds } from './known-ids.ts';

const OF_EACH = 8;

/**
 * Things of a company that may be read, changed and deleted while it is fuzzed, and what a reader has of them.
 * Returns their ids, beside those of what the reader has to itself: they exist too, for others.
 */
export async function populate(anika: Anika, owner: Company, reader: Company): Promise<KnownIds> {
  const limit = pLimit(4);
  const made = await Promise.all(
    Array.from({ length: OF_EACH }, () => limit(() => makeOne(anika, owner, reader))),
  );
  const { canary } = reader;
  const all = (pick: (one: Made) => string) => made.map(pick);
  return {
    url: [`${anika.receiver.url}/fuzz`],
    par: [reader.id, owner.id],
    top: [...all((one) => one.topicId), canary.topicId],
    sub: [...all((one) => one.subscriptionId), canary.subscriptionId],
    msg: [...all((one) => one.messageId), canary.messageId],
    dlv: [...all((one) => one.deliveryId), canary.deliveryId],
    usr: [...all((one) => one.userId), canary.userId],
    key: [...all((one) => one.keyId), canary.keyId],
    req: [...all((one) => one.requestId), canary.accessRequestId],
    inv: [...all((one) => one.invitationId), canary.invitationId],
    rpl: [...all((one) => one.replayId), canary.replayId],
  };
}

type Made = Awaited<ReturnType<typeof makeOne>>;

async function makeOne(anika: Anika, owner: Company, reader: Company) {
  const token = owner.tokens.admin;
  const listed = await createTopic(anika, token, { visibility: 'listed' });
  const requestId = await requestAccess(anika, reader.tokens.admin, listed.id);
  const { id: topicId } = await createTopic(anika, token);
  await succeed(anika, `PUT /v1/topics/${topicId}/grants/${reader.id}`, { token, body: {} });
  const { id: subscriptionId } = await subscribe(anika, token, { topicId });
  const published = await publish(anika, token, { topicId, data: { car: 'Лада', price: 1 } });
  const [user, key] = await Promise.all([createUser(anika, token), createKey(anika, token)]);
  const invitationId = await createInvitation(anika, token);
  const replayId = await createReplay(anika, token, subscriptionId);
  const ofPeople = { userId: user.id, keyId: key.id, requestId, invitationId };
  return { topicId, subscriptionId, ...published, ...ofPeople, replayId };
}
