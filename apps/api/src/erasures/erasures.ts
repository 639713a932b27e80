import type { PartnerCaller } from '@anika/core/access';
import { type Erasure, RUNNING_ERASURES_MAX } from '@anika/core/erasure';
import { notFound } from '@anika/core/failures';
import type { Filter } from '@anika/core/filter';
import type { ErasureId, IdMaker, TopicId } from '@anika/core/ids';
import { secretContext } from '@anika/core/secret-context';
import type { Topic } from '@anika/core/topic';
import type { ErasureWalk, Wanted } from '@anika/stores/mongo/erasure-walk';
import type { ErasureStore } from '@anika/stores/postgres/erasures';
import type { PageRequest } from '../http/page.ts';
import type { SearchLimit } from '../messages/limit-searches.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';

export type ErasureNeeds = {
  readonly store: Pick<ErasureStore, 'create' | 'find' | 'list' | 'nextTopic'>;
  readonly count: ErasureWalk['countWanted'];
  /** Counts of one company are bounded, as its searches are. */
  readonly bounded: SearchLimit['run'];
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

/** What an erasure would take, counted before it is begun. */
export type ErasurePreview = {
  readonly matched: number;
  /** Everything was looked at in the time there is. */
  readonly complete: boolean;
};

const PREVIEW_MAX_MS = 5000;

export type Erasures = ReturnType<typeof createErasures>;

/** Erasures of the messages of one person; dispatchers carry them out. */
export function createErasures(needs: ErasureNeeds) {
  const { store, clock } = needs;

  async function checkOwner(topicId: TopicId | undefined, by: PartnerCaller): Promise<void> {
    if (topicId === undefined || (await needs.findTopic(topicId))?.owner.id === by.partnerId) return;
    throw await needs.refuse(topicId, by, 'ownership');
  }

  async function count(
    { topicId: only, criterion }: EraseCommand,
    { partnerId }: PartnerCaller,
  ): Promise<ErasurePreview> {
    const startedAtMs = clock.now();
    const wanted: Wanted = { filter: criterion, untilMs: startedAtMs };
    let matched = 0;
    let topicId = only ?? (await store.nextTopic(partnerId, undefined));
    while (topicId !== undefined) {
      const leftMs = startedAtMs + PREVIEW_MAX_MS - clock.now();
      const found = leftMs > 0 ? await needs.count(topicId, wanted, leftMs) : undefined;
      if (found === undefined) return { matched, complete: false };
      matched += found;
      topicId = only === undefined ? await store.nextTopic(partnerId, topicId) : undefined;
    }
    return { matched, complete: true };
  }

  return {
    async preview(command: EraseCommand, by: PartnerCaller): Promise<ErasurePreview> {
      await checkOwner(command.topicId, by);
      return needs.bounded(by.partnerId, () => count(command, by));
    },

    async create({ criterion, ...command }: EraseCommand, by: PartnerCaller): Promise<Erasure> {
      const { partnerId } = by;
      await checkOwner(command.topicId, by);
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
