import type { TopicId } from './ids.ts';

/** The words of some messages of a topic that came one after the other, each word once. */
export type WordBlock = {
  readonly topicId: TopicId;
  /** When the first and the last of these messages were accepted. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly words: readonly string[];
};

type Worded = { readonly topicId: TopicId; readonly acceptedAtMs: number; readonly words: readonly string[] };
type OpenBlock = { topicId: TopicId; fromMs: number; toMs: number; messages: number; words: Set<string> };

/** A search looks through the messages of each block that has its words: more messages, more looked at in vain. */
export const BLOCK_MESSAGES_MAX = 100;
const BLOCK_WORDS_MAX = 2000;

/** Blocks of the words of messages, in their order. A message without words is in none. */
export function wordBlocksOf(messages: readonly Worded[]): WordBlock[] {
  const blocks: OpenBlock[] = [];
  const open = new Map<TopicId, OpenBlock>();
  for (const { topicId, acceptedAtMs, words } of messages) {
    if (words.length === 0) continue;
    let block = open.get(topicId);
    if (block === undefined || block.messages >= BLOCK_MESSAGES_MAX || block.words.size >= BLOCK_WORDS_MAX) {
      block = { topicId, fromMs: acceptedAtMs, toMs: acceptedAtMs, messages: 0, words: new Set() };
      open.set(topicId, block);
      blocks.push(block);
    }
    block.fromMs = Math.min(block.fromMs, acceptedAtMs);
    block.toMs = Math.max(block.toMs, acceptedAtMs);
    block.messages += 1;
    for (const word of words) block.words.add(word);
  }
  return blocks.map(({ topicId, fromMs, toMs, words }) => ({ topicId, fromMs, toMs, words: [...words] }));
}
