import type { PartnerCaller } from '@anika/core/access';
import { grantState } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { notFound } from '@anika/core/failures';
import type { IdMaker, PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import type { GrantStore } from '@anika/stores/postgres/grants';
import type { TopicStore } from '@anika/stores/postgres/topics';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';
import { checkJsonSchema } from './json-schema.ts';

type Fields = Pick<Topic, 'name' | 'description' | 'visibility' | 'retentionDays' | 'schema'>;

export type TopicNeeds = {
  readonly store: Pick<TopicStore, 'create' | 'find' | 'list' | 'update' | 'remove' | 'catalog'>;
  readonly findGrant: GrantStore['find'];
  readonly announce: (change: Change) => void;
  /** What is queued for subscriptions of the topic ends cancelled, now or soon. */
  readonly cancelWaiting: (id: TopicId) => Promise<void>;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type Topics = ReturnType<typeof createTopics>;

/** Owners do everything with their topics; readers who are let in see them. */
export function createTopics(needs: TopicNeeds) {
  const { store, clock } = needs;
  const changeBy = (by: PartnerCaller) => ({ by, atMs: clock.now(), ownerId: by.partnerId });

  async function mayRead(topic: Topic, partnerId: PartnerId): Promise<boolean> {
    if (topic.owner.id === partnerId) return true;
    const grant = await needs.findGrant(topic.id, partnerId);
    return grant !== undefined && grantState(grant, clock.now()) === 'active';
  }

  return {
    async create(fields: Fields, by: PartnerCaller): Promise<Topic> {
      if (fields.schema !== undefined) checkJsonSchema(fields.schema);
      return store.create({ ...fields, id: needs.newId('top'), ownerId: by.partnerId }, changeBy(by));
    },

    list: (by: PartnerCaller, page: PageRequest): Promise<Topic[]> =>
      store.list(by.partnerId, { ...page, nowMs: clock.now() }),

    async get(id: TopicId, by: PartnerCaller): Promise<Topic> {
      const topic = existing(await store.find(id), 'top');
      if (!(await mayRead(topic, by.partnerId))) throw notFound('topic');
      return topic;
    },

    async update(id: TopicId, patch: Partial<Fields>, by: PartnerCaller): Promise<Topic> {
      if (patch.schema !== undefined) checkJsonSchema(patch.schema);
      const topic = existing(await store.update(id, patch, changeBy(by)), 'top');
      needs.announce({ kind: 'topic', id });
      return topic;
    },

    async remove(id: TopicId, by: PartnerCaller): Promise<void> {
      if (!(await store.remove(id, changeBy(by)))) throw notFound('topic');
      needs.announce({ kind: 'topic', id });
      await needs.cancelWaiting(id);
    },

    catalog: (by: PartnerCaller, query: PageRequest & { q: string | undefined }) =>
      store.catalog(by.partnerId, { ...query, nowMs: clock.now() }),
  };
}
