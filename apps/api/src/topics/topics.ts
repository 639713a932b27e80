import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PartnerCaller } from '@anika/core/access';
import { grantState } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { writeExact } from '@anika/core/exact-json';
import type { FieldMask } from '@anika/core/field-mask';
import type { IdMaker, PartnerId, TopicId } from '@anika/core/ids';
import { readSchema } from '@anika/core/json-schema-walk';
import { maskSchema } from '@anika/core/mask-schema';
import type { Topic } from '@anika/core/topic';
import type { GrantStore } from '@anika/stores/postgres/grants';
import type { TopicStore } from '@anika/stores/postgres/topics';
import type { PageRequest } from '../http/page.ts';
import { parseSchema } from './check-schema.ts';
import type { RefuseTopic } from './refuse-topic.ts';

type Fields = Pick<Topic, 'name' | 'description' | 'visibility' | 'retentionDays' | 'schema'>;

export type TopicNeeds = {
  readonly store: Pick<TopicStore, 'create' | 'findOfAny' | 'list' | 'update' | 'remove' | 'catalog'>;
  readonly findGrant: GrantStore['find'];
  readonly announce: (change: Change) => void;
  /** What is queued for subscriptions of the topic ends cancelled, now or soon. */
  readonly cancelWaiting: (id: TopicId) => Promise<void>;
  readonly refuse: RefuseTopic;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type Topics = ReturnType<typeof createTopics>;

/** What a reader's mask hides is not in the schema either. */
function throughMask(topic: Topic, fields: FieldMask | undefined): Topic {
  const schema = readSchema(topic.schema);
  if (fields === undefined || schema === undefined) return topic;
  return { ...topic, schema: writeExact(maskSchema(schema, fields)) };
}

/** Owners do everything with their topics; readers who are let in see them. */
export function createTopics(needs: TopicNeeds) {
  const { store, clock } = needs;
  const changeBy = (by: PartnerCaller) => ({ by, atMs: clock.now(), ownerId: by.partnerId });

  async function seenBy(topic: Topic, partnerId: PartnerId): Promise<Topic | undefined> {
    if (topic.owner.id === partnerId) return topic;
    const grant = await needs.findGrant(topic.id, partnerId);
    const isLetIn = grant !== undefined && grantState(grant, clock.now()) === 'active';
    return isLetIn ? throughMask(topic, grant.fields) : undefined;
  }

  return {
    async create(fields: Fields, by: PartnerCaller): Promise<Topic> {
      if (fields.schema !== undefined) parseSchema(fields.schema);
      return store.create({ ...fields, id: needs.newId('top'), ownerId: by.partnerId }, changeBy(by));
    },

    async list(by: PartnerCaller, page: PageRequest): Promise<Topic[]> {
      const topics: Topic[] = [];
      for (const { topic, fields } of await store.list(by.partnerId, { ...page, nowMs: clock.now() })) {
        if (fields !== undefined && topic.owner.id !== by.partnerId) await nextTurn();
        topics.push(topic.owner.id === by.partnerId ? topic : throughMask(topic, fields));
      }
      return topics;
    },

    async get(id: TopicId, by: PartnerCaller): Promise<Topic> {
      const topic = await store.findOfAny(id);
      const seen = topic && (await seenBy(topic, by.partnerId));
      if (seen !== undefined) return seen;
      throw await needs.refuse(id, by, 'grant');
    },

    async update(id: TopicId, patch: Partial<Fields>, by: PartnerCaller): Promise<Topic> {
      if (patch.schema !== undefined) parseSchema(patch.schema);
      const topic = await store.update(id, patch, changeBy(by));
      if (topic === undefined) throw await needs.refuse(id, by, 'ownership');
      needs.announce({ kind: 'topic', id });
      return topic;
    },

    async remove(id: TopicId, by: PartnerCaller): Promise<void> {
      if (!(await store.remove(id, changeBy(by)))) throw await needs.refuse(id, by, 'ownership');
      needs.announce({ kind: 'topic', id });
      await needs.cancelWaiting(id);
    },

    catalog: (by: PartnerCaller, query: PageRequest & { q: string | undefined }) =>
      store.catalog(by.partnerId, { ...query, nowMs: clock.now() }),
  };
}
