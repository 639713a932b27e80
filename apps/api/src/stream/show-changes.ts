import type { CompiledRoute } from '@anika/broker/route-cache';
import type { Grant } from '@anika/core/access';
import { refusalOf } from '@anika/core/audience/authorise';
import { compileGrant, type ReadGrant } from '@anika/core/audience/rules';
import { parseExact } from '@anika/core/exact-json';
import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { MessageFacts, StoredChange } from '@anika/core/stream/stream-event';
import type { Listener } from './listener.ts';

export type ShowNeeds = {
  readonly route: (topicId: TopicId) => Promise<CompiledRoute | undefined>;
  readonly findMessages: (ids: readonly MessageId[]) => Promise<ReadonlyMap<MessageId, Message | 'recalled'>>;
  readonly clock: { now(): number };
};

/** The listeners of one process, by their company. */
export type Listeners = ReadonlyMap<PartnerId, ReadonlySet<Listener>>;

/**
 * Gives each change to those who may see it as things stand now: a message to its owner and to whom a grant lets read
 * it, what becomes of a delivery to the companies on both of its sides.
 */
export function createShowChanges(needs: ShowNeeds) {
  const compiled = new WeakMap<Grant, ReadGrant>();
  const readGrant = (grant: Grant): ReadGrant => {
    const known = compiled.get(grant) ?? compileGrant(grant);
    compiled.set(grant, known);
    return known;
  };

  /** Grants of companies that listen, for each topic that is spoken of. */
  async function grantsFor(messages: readonly MessageFacts[], listeners: Listeners) {
    const grants = new Map<TopicId, Grant[]>();
    for (const topicId of new Set(messages.map((message) => message.topicId))) {
      const route = (await needs.route(topicId))?.route;
      const among = [...listeners.keys()].flatMap((partnerId) => route?.grants.get(partnerId) ?? []);
      grants.set(topicId, among);
    }
    return grants;
  }

  /** Content is looked at only where a grant has a filter. */
  async function dataFor(messages: readonly MessageFacts[], grants: ReadonlyMap<TopicId, readonly Grant[]>) {
    const ids = messages.flatMap(({ id, topicId }) =>
      grants.get(topicId)?.some((grant) => grant.filter !== undefined) ? [id] : [],
    );
    return ids.length === 0 ? new Map<MessageId, Message>() : readable(await needs.findMessages(ids));
  }

  return async (changes: readonly StoredChange[], listeners: Listeners): Promise<void> => {
    const messages = changes.flatMap((change) =>
      change.kind === 'message' && wantsMessages(listeners) ? [change.message] : [],
    );
    const grants = await grantsFor(messages, listeners);
    const stored = await dataFor(messages, grants);
    const nowMs = needs.clock.now();

    function mayRead(grant: Grant, facts: MessageFacts): boolean {
      const whole = stored.get(facts.id);
      if (grant.filter !== undefined && whole === undefined) return false;
      const data = whole === undefined ? undefined : parseExact(whole.dataText);
      return refusalOf(readGrant(grant), { ...facts, key: whole?.key, data }, nowMs) === undefined;
    }

    function viewersOf(change: StoredChange): PartnerId[] {
      if (change.kind === 'delivery') return [change.delivery.ownerId, change.delivery.partnerId];
      const { message } = change;
      const readers = grants.get(message.topicId)?.filter((grant) => mayRead(grant, message)) ?? [];
      return [message.ownerId, ...readers.map(({ partnerId }) => partnerId)];
    }

    for (const change of changes) {
      for (const partnerId of new Set(viewersOf(change))) {
        for (const listener of listeners.get(partnerId) ?? []) listener.offer(change);
      }
    }
  };
}

/** Of what was taken back meanwhile nobody is told any more. */
function readable(found: ReadonlyMap<MessageId, Message | 'recalled'>): ReadonlyMap<MessageId, Message> {
  return new Map([...found].flatMap(([id, one]) => (one === 'recalled' ? [] : [[id, one] as const])));
}

function wantsMessages(listeners: Listeners): boolean {
  for (const ofCompany of listeners.values()) {
    for (const { filter } of ofCompany) {
      if (filter.kinds.includes('message') && filter.subscriptionId === undefined) return true;
    }
  }
  return false;
}
