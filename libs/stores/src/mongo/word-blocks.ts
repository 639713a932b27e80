import type { TopicId } from '@anika/core/ids';
import { BLOCK_SPAN_MS, type WordBlock } from '@anika/core/word-blocks';
import { type Document, type Filter, ObjectId } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { classConditions, mergeScopes } from './merge-scopes.ts';
import type { SearchScope } from './message-search.ts';
import { SEARCH_MAX_MS } from './newest-first.ts';
import type { WordBlockDocument } from './word-block-document.ts';

/** When the messages of a block were accepted, first and last; of every topic where none is given. */
export type BlockSpan = { readonly topicId?: TopicId; readonly from: Date; readonly to: Date };

export type BlockSearch = {
  /** Their filters do not count: no block tells which of its messages a filter lets through. */
  readonly scopes: readonly SearchScope[];
  readonly type?: string | undefined;
  /** Each must begin a word of the block. */
  readonly words: readonly string[];
  /** Blocks that end at `fromMs` or later, and before `beforeMs` or else over `overMs`. */
  readonly time: { readonly fromMs: number | undefined } & (
    | { readonly beforeMs: number }
    | { readonly overMs: number }
  );
  readonly limit: number;
};

/** Where in the index the words of a message are. */
type Around = Pick<WordBlock, 'topicId' | 'type'> & { readonly acceptedAtMs: number };

export type BlockOfWords = Pick<WordBlock, 'fromMs' | 'toMs' | 'words'> & { readonly id: ObjectId };

export type WordBlockStore = ReturnType<typeof createWordBlockStore>;

/**
 * The index of words. One entry for each word of a block, instead of one for each word of a message: messages of a
 * topic that come one after the other have most of their words in common.
 */
export function createWordBlockStore(mongo: Mongo) {
  async function insert(blocks: readonly WordBlock[]): Promise<void> {
    if (blocks.length === 0) return;
    const documents = blocks.map(({ topicId, type, audience, fromMs, toMs, words }) => ({
      topicId,
      type,
      ...(audience !== undefined && { audience: [...audience] }),
      from: new Date(fromMs),
      to: new Date(toMs),
      words: [...words],
    }));
    await guarded(() => mongo.wordBlocks.insertMany(documents, { ordered: false }));
  }

  return {
    /** Storing the same words twice makes searches look twice, and finds nothing twice. */
    insert,

    /** Removes the blocks of a topic that were stored before a time, to a few seconds. */
    async removeStoredBefore(topicId: TopicId, storedBeforeMs: number): Promise<void> {
      const first = ObjectId.createFromTime(Math.floor(storedBeforeMs / 1000));
      await guarded(() => mongo.wordBlocks.deleteMany({ topicId, _id: { $lt: first } }));
    },

    /**
     * Blocks that hold all words, those that end last first; only of messages that the scopes let see. One that began
     * before what a reader may see is none.
     */
    async find({ scopes, words, type, time, limit }: BlockSearch): Promise<BlockSpan[]> {
      const and: Document[] = [
        mergeScopes(scopes, (scope) => [
          ...classConditions(scope),
          ...(scope.sinceMs === undefined ? [] : [{ from: { $gte: new Date(scope.sinceMs) } }]),
        ]),
        ...words.map((word) => ({ words: { $regex: `^${word}` } })),
        ...(type === undefined ? [] : [{ type }]),
        ...timeQuery(time),
      ];
      return guarded(() =>
        mongo.wordBlocks
          .find({ $and: and } as Filter<WordBlockDocument>, {
            projection: { _id: 0, topicId: 1, from: 1, to: 1 },
            maxTimeMS: SEARCH_MAX_MS,
          })
          .sort({ to: -1 })
          .limit(limit)
          .toArray(),
      );
    },

    /** The blocks that a message may be in, with all their words. */
    async around({ topicId, type, acceptedAtMs }: Around): Promise<BlockOfWords[]> {
      const at = new Date(acceptedAtMs);
      const to = { $gte: at, $lte: new Date(acceptedAtMs + BLOCK_SPAN_MS) };
      const found = await guarded(() =>
        mongo.wordBlocks.find({ topicId, type, from: { $lte: at }, to }).toArray(),
      );
      return found.map(({ _id, from, to, words }) => ({
        id: _id,
        fromMs: from.getTime(),
        toMs: to.getTime(),
        words,
      }));
    },

    /** Takes words out of a block; one without words is none. */
    async removeWords({ id }: Pick<BlockOfWords, 'id'>, words: readonly string[]): Promise<void> {
      await guarded(async () => {
        await mongo.wordBlocks.updateOne({ _id: id }, { $pullAll: { words: [...words] } });
        await mongo.wordBlocks.deleteOne({ _id: id, words: { $size: 0 } });
      });
    },

    /** Of a topic that is no more. */
    async removeOfTopic(topicId: TopicId): Promise<void> {
      await guarded(() => mongo.wordBlocks.deleteMany({ topicId }));
    },

    /** Blocks of messages that are no longer kept. */
    async removeBefore(topicId: TopicId, beforeMs: number): Promise<void> {
      await guarded(() => mongo.wordBlocks.deleteMany({ topicId, to: { $lt: new Date(beforeMs) } }));
    },
  };
}

function timeQuery(time: BlockSearch['time']): Document[] {
  const since = time.fromMs === undefined ? [] : [{ to: { $gte: new Date(time.fromMs) } }];
  if ('overMs' in time) {
    const at = new Date(time.overMs);
    return [...since, { from: { $lte: at } }, { to: { $gte: at } }];
  }
  return time.beforeMs === Infinity ? since : [...since, { to: { $lt: new Date(time.beforeMs) } }];
}
