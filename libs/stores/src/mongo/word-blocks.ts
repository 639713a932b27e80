import type { TopicId } from '@anika/core/ids';
import type { WordBlock } from '@anika/core/word-blocks';
import type { Document, Filter } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import type { SearchScope } from './message-search.ts';
import type { WordBlockDocument } from './word-block-document.ts';

/** When the messages of a block were accepted, first and last. */
export type BlockSpan = { readonly topicId: TopicId; readonly from: Date; readonly to: Date };

export type BlockSearch = {
  /** Their filters do not count: no block tells which of its messages a filter lets through. */
  readonly scopes: readonly SearchScope[];
  readonly type?: string | undefined;
  /** Each must begin a word of the block. */
  readonly words: readonly string[];
  /** Only blocks that may hold messages of this time, both ends included. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly limit: number;
};

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

    /** Puts these blocks in the place of those that lie within a time. */
    async replace(
      topicId: TopicId,
      { fromMs, toMs }: { fromMs: number; toMs: number },
      blocks: readonly WordBlock[],
    ): Promise<void> {
      const within = { from: { $gte: new Date(fromMs) }, to: { $lte: new Date(toMs) } };
      const former = await guarded(() =>
        mongo.wordBlocks.find({ topicId, ...within }, { projection: { _id: 1 } }).toArray(),
      );
      await insert(blocks);
      await guarded(() => mongo.wordBlocks.deleteMany({ _id: { $in: former.map(({ _id }) => _id) } }));
    },

    /** Blocks that hold all words, those that end last first; only of messages that the scopes let see. */
    async find({ scopes, words, type, fromMs, toMs, limit }: BlockSearch): Promise<BlockSpan[]> {
      const and: Document[] = [
        { $or: scopes.map(scopeQuery) },
        ...words.map((word) => ({ words: { $regex: `^${word}` } })),
        ...(type === undefined ? [] : [{ type }]),
        ...(fromMs === undefined ? [] : [{ to: { $gte: new Date(fromMs) } }]),
        ...(toMs === undefined ? [] : [{ from: { $lte: new Date(toMs) } }]),
      ];
      return guarded(() =>
        mongo.wordBlocks
          .find({ $and: and } as Filter<WordBlockDocument>, {
            projection: { _id: 0, topicId: 1, from: 1, to: 1 },
          })
          .sort({ to: -1 })
          .limit(limit)
          .toArray(),
      );
    },

    /** Blocks of messages that are no longer kept. */
    async removeBefore(topicId: TopicId, beforeMs: number): Promise<void> {
      await guarded(() => mongo.wordBlocks.deleteMany({ topicId, to: { $lt: new Date(beforeMs) } }));
    },
  };
}

function scopeQuery({ topicId, readerId, types, sinceMs }: SearchScope): Document {
  return {
    topicId,
    ...(readerId !== undefined && { $or: [{ audience: { $exists: false } }, { audience: readerId }] }),
    ...(types !== undefined && types.length > 0 && { type: { $in: types } }),
    ...(sinceMs !== undefined && { to: { $gte: new Date(sinceMs) } }),
  };
}
