import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TopicId } from './ids.ts';
import { BLOCK_MESSAGES_MAX, wordBlocksOf } from './word-blocks.ts';

const [A, B] = ['top_a', 'top_b'] as [TopicId, TopicId];

describe('wordBlocksOf()', () => {
  it('takes the words of neighbours together, topic by topic, each word once', () => {
    const blocks = wordBlocksOf([
      { topicId: A, acceptedAtMs: 5, words: ['лада', 'веста'] },
      { topicId: B, acceptedAtMs: 6, words: ['лада'] },
      { topicId: A, acceptedAtMs: 4, words: ['лада', 'нива'] },
      { topicId: A, acceptedAtMs: 9, words: [] },
    ]);
    expect(blocks).toEqual([
      { topicId: A, fromMs: 4, toMs: 5, words: ['лада', 'веста', 'нива'] },
      { topicId: B, fromMs: 6, toMs: 6, words: ['лада'] },
    ]);
  });

  it('begins another block after so many messages or words', () => {
    const many = Array.from({ length: BLOCK_MESSAGES_MAX + 1 }, (_, n) => ({
      topicId: A,
      acceptedAtMs: n,
      words: ['same'],
    }));
    expect(wordBlocksOf(many).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, BLOCK_MESSAGES_MAX - 1],
      [BLOCK_MESSAGES_MAX, BLOCK_MESSAGES_MAX],
    ]);
    const wordy = [0, 1, 2].map((n) => ({
      topicId: A,
      acceptedAtMs: n,
      words: Array.from({ length: 1000 }, (_, i) => `w${n}-${i}`),
    }));
    expect(wordBlocksOf(wordy)).toHaveLength(2);
  });

  it('covers every word of every message, in a block of its topic and time', () => {
    const message = fc.record({
      topicId: fc.constantFrom(A, B),
      acceptedAtMs: fc.nat(1000),
      words: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 300 }), (messages) => {
        const blocks = wordBlocksOf(messages);
        for (const { topicId, acceptedAtMs, words } of messages) {
          const covers = blocks.some(
            (block) =>
              block.topicId === topicId &&
              block.fromMs <= acceptedAtMs &&
              acceptedAtMs <= block.toMs &&
              words.every((word) => block.words.includes(word)),
          );
          expect(covers || words.length === 0).toBe(true);
        }
      }),
    );
  });
});
