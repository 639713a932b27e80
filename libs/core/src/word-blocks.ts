import type { PartnerId, TopicId } from './ids.ts';

/**
 * The words of some messages of a topic that came one after the other, each word once. They have the same type and
 * audience: who may see one of them may see all, unless a grant's filter or mask says otherwise.
 */
export type WordBlock = {
  readonly topicId: TopicId;
  readonly type: string;
  readonly audience: readonly PartnerId[] | undefined;
  /** When the first and the last of these messages were accepted. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly words: readonly string[];
};

type Worded = Pick<WordBlock, 'topicId' | 'type' | 'audience' | 'words'> & { readonly acceptedAtMs: number };
type OpenBlock = Omit<WordBlock, 'fromMs' | 'toMs' | 'words'> & {
  fromMs: number;
  toMs: number;
  messages: number;
  readonly words: Set<string>;
};

/** A search looks through the messages of each block that has its words: more messages, more looked at in vain. */
export const BLOCK_MESSAGES_MAX = 100;
const BLOCK_WORDS_MAX = 2000;
/** Between the first and the last message of a block: as long its words may outlive the first. */
export const BLOCK_SPAN_MS = 60_000;

/** Blocks of the words of messages, in their order. A message without words is in none. */
export function wordBlocksOf(messages: readonly Worded[]): WordBlock[] {
  const blocks: OpenBlock[] = [];
  const open = new Map<string, OpenBlock>();
  for (const message of messages) {
    const { acceptedAtMs, words } = message;
    if (words.length === 0) continue;
    const key = keyOf(message);
    let block = open.get(key);
    if (block === undefined || isFull(block, acceptedAtMs)) {
      block = emptyBlock(message);
      open.set(key, block);
      blocks.push(block);
    }
    block.fromMs = Math.min(block.fromMs, acceptedAtMs);
    block.toMs = Math.max(block.toMs, acceptedAtMs);
    block.messages += 1;
    for (const word of words) block.words.add(word);
  }
  return blocks.map(({ messages: _, words, ...rest }) => ({ ...rest, words: [...words] }));
}

function keyOf({ topicId, type, audience }: Worded): string {
  return [topicId, type, ...(audience ?? ['everybody']).toSorted()].join(' ');
}

function emptyBlock({ topicId, type, audience, acceptedAtMs }: Worded): OpenBlock {
  const time = { fromMs: acceptedAtMs, toMs: acceptedAtMs };
  return { topicId, type, audience, ...time, messages: 0, words: new Set() };
}

function isFull({ messages, words, fromMs, toMs }: OpenBlock, nextMs: number): boolean {
  const spanMs = Math.max(toMs, nextMs) - Math.min(fromMs, nextMs);
  return messages >= BLOCK_MESSAGES_MAX || words.size >= BLOCK_WORDS_MAX || spanMs > BLOCK_SPAN_MS;
}
