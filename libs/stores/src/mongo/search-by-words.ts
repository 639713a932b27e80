import type { Message } from '@anika/core/message';
import type { Document } from 'mongodb';
import { cursorOf, type MessageSearch, type SearchPage } from './message-search.ts';
import type { BlockSearch, BlockSpan } from './word-blocks.ts';

/** Which blocks of a search are asked for. */
export type FoundBlocks = Pick<BlockSearch, 'fromMs' | 'toMs' | 'limit'>;

type Needs = {
  /** Messages of a search that satisfy more, newest first. */
  readonly find: (search: MessageSearch, more: readonly Document[]) => Promise<Message[]>;
  readonly findBlocks: (blocks: FoundBlocks) => Promise<BlockSpan[]>;
};

/** Blocks looked into for one page: a few where they hold enough, ever more where they do not. */
const BLOCKS = [8, 64, 256];

/** Sorts after every id. */
const LAST_ID = '~';

/**
 * A page of the messages that may have the words of a search: those of blocks that have all of them, and those whose
 * words are not stored yet. A page may end early, where enough blocks were looked into.
 */
export async function searchByWords(search: MessageSearch, { find, findBlocks }: Needs): Promise<SearchPage> {
  const { fromMs, after, limit } = search;
  const unsettled = await find(search, [{ pendingSince: { $exists: true } }]);
  const toMs = Math.min(
    after?.acceptedAtMs ?? Number.MAX_SAFE_INTEGER,
    search.toMs ?? Number.MAX_SAFE_INTEGER,
  );
  let page: SearchPage = { messages: [], next: undefined };
  for (const count of BLOCKS) {
    const blocks = await findBlocks({
      fromMs,
      toMs: toMs === Number.MAX_SAFE_INTEGER ? undefined : toMs,
      limit: count + 1,
    });
    const looked = blocks.slice(0, count);
    const settled = looked.length === 0 ? [] : await find(search, [{ $or: looked.map(spanQuery) }]);
    // What was accepted up to here may be in a block that was not looked into.
    const horizonMs = blocks[count]?.to.getTime();
    page = pageOf([...unsettled, ...settled], { horizonMs, limit });
    if (page.messages.length >= limit || horizonMs === undefined) break;
  }
  return page;
}

function spanQuery({ topicId, from, to }: BlockSpan): Document {
  return { topicId, acceptedAt: { $gte: from, $lte: to } };
}

function pageOf(
  found: readonly Message[],
  { horizonMs, limit }: { horizonMs: number | undefined; limit: number },
): SearchPage {
  const each = new Map(found.map((message) => [message.id, message]));
  const sorted = [...each.values()]
    .filter(({ acceptedAtMs }) => horizonMs === undefined || acceptedAtMs > horizonMs)
    .sort((a, b) => b.acceptedAtMs - a.acceptedAtMs || (a.id < b.id ? 1 : -1));
  const messages = sorted.slice(0, limit);
  if (sorted.length >= limit) return { messages, next: cursorOf(messages.at(-1)) };
  return { messages, next: horizonMs === undefined ? undefined : { acceptedAtMs: horizonMs, id: LAST_ID } };
}
