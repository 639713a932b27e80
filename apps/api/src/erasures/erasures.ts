import type { PartnerCaller } from '@anika/core/access';
import { type Erasure, RUNNING_ERASURES_MAX } from '@anika/core/erasure';
import { notFound } from '@anika/core/failures';
import type { Filter } from '@anika/core/filter';
import type { ErasureId, IdMaker, TopicId } from '@anika/core/ids';
import { secretContext } from '@anika/core/secret-context';
import type { Topic } from '@anika/core/topic';
import type { ErasureStore } from '@anika/stores/postgres/erasures';
import type { PageRequest } from '../http/page.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';

export type ErasureNeeds = {
  readonly store: Pick<ErasureStore, 'create' | 'find' | 'list'>;
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly refuse: RefuseTopic;
  readonly seal: (plain: string, context: string) => string;
  /** Keyed: who sees it cannot try what it may be of. */
  readonly hash: (text: string) => Promise<string>;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type EraseCommand = {
  readonly topicId: TopicId | undefined;
  readonly kind: 'key' | 'path';
  /** What is looked for. */
  readonly criterion: Filter;
  readonly reason: string;
};

export type Erasures = ReturnType<typeof createErasures>;

/** Erasures of the messages of one person; dispatchers carry them out. */
export function createErasures(needs: ErasureNeeds) {
  const { store, clock } = needs;
  return {
    async create({ criterion, ...command }: EraseCommand, by: PartnerCaller): Promise<Erasure> {
      const { topicId } = command;
      const { partnerId } = by;
      if (topicId !== undefined && (await needs.findTopic(topicId))?.owner.id !== partnerId) {
        throw await needs.refuse(topicId, by, 'ownership');
      }
      const id = needs.newId('era');
      const criterionHash = await needs.hash(`${partnerId}\n${criterion.text}`);
      const sealedCriterion = needs.seal(criterion.text, secretContext.erasure(id));
      return store.create(
        { ...command, id, partnerId, sealedCriterion, criterionHash },
        { by, atMs: clock.now(), max: RUNNING_ERASURES_MAX },
      );
    },

    list: (by: PartnerCaller, page: PageRequest): Promise<Erasure[]> => store.list(by.partnerId, page),

    async get(id: ErasureId, by: PartnerCaller): Promise<Erasure> {
      const found = await store.find(id, by.partnerId);
      if (found === undefined) throw notFound('erasure');
      return found;
    },
  };
}
