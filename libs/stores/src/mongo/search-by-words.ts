import type { Message } from '@anika/core/message';
import { BLOCK_SPAN_MS } from '@anika/core/word-blocks';
import type { Document } from 'mongodb';
import { cursorOf, type MessageSearch, type SearchPage } from './message-search.ts';
import type { BlockSearch, BlockSpan } from './word-blocks.ts';

/** Which blocks of a search are asked for. */
export type WantedBlocks = Pick<BlockSearch, 'time' | 'limit'>;

type Needs = {
  /** Messages of a search that satisfy more, newest first. */
  readonly find: (search: MessageSearch, more: readonly Document[]) => Promise<Message[]>;
  /** Those that end last first. */
  readonly findBlocks: (wanted: WantedBlocks) => Promise<BlockSpan[]>;
};

/** Blocks looked into for one page: a few where they hold enough, ever more where they do not. */
const BLOCKS = [8, 64, 256];
/** Blocks over the time at which a page begins. With more of them, all messages of their time are looked at. */
const BLOCKS_OVER_MAX = 500;

/** An id that sorts after every other. */
const LAST_ID = `msg_${'z'.repeat(32)}`;

/**
 * A page of the messages that may have the words of a search: those of blocks that have all of them, and those whose
 * words are not stored yet. A page may end early, where enough blocks were looked into.
 */
export async function searchByWords(search: MessageSearch, { find, findBlocks }: Needs): Promise<SearchPage> {
  const { fromMs, limit } = search;
  const endMs = Math.min(search.after?.acceptedAtMs ?? Infinity, search.toMs ?? Infinity);
  const unsettled = await find(search, [{ pendingSince: { $exists: true } }]);
  const always = [...(await spansOver(endMs, { fromMs, findBlocks })), ...firstSpans(search)];
  let page: SearchPage = { messages: [], next: undefined };
  for (const count of BLOCKS) {
    const blocks = await findBlocks({ time: { fromMs, beforeMs: endMs }, limit: count + 1 });
    const spans = [...always, ...blocks.slice(0, count)];
    const settled = spans.length === 0 ? [] : await find(search, [{ $or: spans.map(spanQuery) }]);
    // What was accepted up to here may be in a block that was not looked into. It is before the end: there is a next.
    const horizonMs = blocks[count]?.to.getTime();
    page = pageOf([...unsettled, ...settled], { horizonMs, limit });
    if (page.messages.length >= limit || horizonMs === undefined) break;
  }
  return page;
}

/** Of blocks that reach over the time at which a page begins. */
async function spansOver(
  endMs: number,
  { fromMs, findBlocks }: Pick<Needs, 'findBlocks'> & { fromMs: number | undefined },
): Promise<BlockSpan[]> {
  if (endMs === Infinity) return [];
  const over = await findBlocks({ time: { fromMs, overMs: endMs }, limit: BLOCKS_OVER_MAX + 1 });
  return over.length <= BLOCKS_OVER_MAX
    ? over
    : [{ from: new Date(endMs - BLOCK_SPAN_MS), to: new Date(endMs) }];
}

/**
 * The first minute of readers who see nothing from before their grants. A block that began before them leads nobody
 * by its words: these messages are looked at in any case.
 */
function firstSpans({ scopes }: MessageSearch): BlockSpan[] {
  return scopes.flatMap(({ topicId, sinceMs }) =>
    sinceMs === undefined
      ? []
      : [{ topicId, from: new Date(sinceMs), to: new Date(sinceMs + BLOCK_SPAN_MS) }],
  );
}

function spanQuery({ topicId, from, to }: BlockSpan): Document {
  return { ...(topicId !== undefined && { topicId }), acceptedAt: { $gte: from, $lte: to } };
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
