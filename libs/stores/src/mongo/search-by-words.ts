import type { Message } from '@anika/core/message';
import { BLOCK_SPAN_MS } from '@anika/core/word-blocks';
import type { Document } from 'mongodb';
import pLimit from 'p-limit';
import { cursorOf, type MessageSearch, type SearchPage } from './message-search.ts';
import { newestFirst } from './newest-first.ts';
import type { BlockSearch, BlockSpan } from './word-blocks.ts';

/** Which blocks of a search are asked for. */
export type WantedBlocks = Pick<BlockSearch, 'time' | 'limit'>;

type Needs = {
  /** Messages of a search that satisfy more, or whose words are not stored yet; newest first. */
  readonly find: (search: MessageSearch, more: readonly Document[] | 'unsettled') => Promise<Message[]>;
  /** Those that end last first. */
  readonly findBlocks: (wanted: WantedBlocks) => Promise<BlockSpan[]>;
};

/** Blocks looked into for one page. */
const BLOCKS_MAX = 128;
/** After so many it is seen whether the page is full. */
const BLOCKS_A_STEP = 8;
const QUERIES_AT_ONCE = 4;
/** Blocks over the time at which a page begins. With more of them, all messages of their time are looked at. */
const BLOCKS_OVER_MAX = 64;

/** An id that sorts after every other. */
const LAST_ID = `msg_${'z'.repeat(32)}`;

/**
 * A page of the messages that may have the words of a search: those of blocks that have all of them, and those whose
 * words are not stored yet. A page may end early, where enough blocks were looked into.
 */
export async function searchByWords(search: MessageSearch, needs: Needs): Promise<SearchPage> {
  const { fromMs, limit } = search;
  const { find, findBlocks } = needs;
  const endMs = Math.min(search.after?.acceptedAtMs ?? Infinity, search.toMs ?? Infinity);
  const always = [...(await spansOver(endMs, { fromMs, findBlocks })), ...firstSpans(search)];
  const found = [...(await find(search, 'unsettled')), ...(await messagesIn(always, search, needs))];
  const blocks = await blocksBefore(endMs, BLOCKS_MAX + 1, { fromMs, findBlocks });
  for (let looked = 0; ; looked += BLOCKS_A_STEP) {
    // What was accepted up to here may be in a block that was not looked into. It is before the end: there is a next.
    const horizonMs = blocks[looked]?.to.getTime();
    const page = pageOf(found, { horizonMs, limit });
    if (page.messages.length >= limit || horizonMs === undefined || looked >= BLOCKS_MAX) return page;
    found.push(...(await messagesIn(blocks.slice(looked, looked + BLOCKS_A_STEP), search, needs)));
  }
}

/** One query for each stretch of time: a server that is asked for many at once looks through all of a topic. */
async function messagesIn(
  spans: readonly BlockSpan[],
  search: MessageSearch,
  { find }: Pick<Needs, 'find'>,
): Promise<Message[]> {
  const together = pLimit(QUERIES_AT_ONCE);
  const each = await Promise.all(
    joined(spans).map((span) => together(() => find(search, [spanQuery(span)]))),
  );
  return each.flat();
}

/** Spans of one topic that touch each other, or nearly, are one. */
function joined(spans: readonly BlockSpan[]): BlockSpan[] {
  const all: BlockSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const before = all.findLastIndex(({ topicId }) => topicId === span.topicId);
    const present = all[before];
    if (present === undefined || span.from.getTime() - present.to.getTime() > BLOCK_SPAN_MS) all.push(span);
    else if (span.to > present.to) all[before] = { ...present, to: span.to };
  }
  return all;
}

type InBlocks = Pick<Needs, 'findBlocks'> & { readonly fromMs: number | undefined };

/** A word that many have is found in a short time before the end: not every block that has it is sorted. */
function blocksBefore(
  endMs: number,
  limit: number,
  { fromMs, findBlocks }: InBlocks,
): Promise<readonly BlockSpan[]> {
  const toMs = endMs === Infinity ? undefined : endMs;
  return newestFirst({ limit, fromMs, toMs }, (from) =>
    findBlocks({ time: { fromMs: from, beforeMs: endMs }, limit }),
  );
}

/** Of blocks that reach over the time at which a page begins. */
async function spansOver(endMs: number, { fromMs, findBlocks }: InBlocks): Promise<BlockSpan[]> {
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
