import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartnerId, TopicId } from './ids.ts';
import { BLOCK_MESSAGES_MAX, wordBlocksOf } from './word-blocks.ts';

const [A, B] = ['top_a', 'top_b'] as [TopicId, TopicId];
const [ONE, OTHER] = ['par_1', 'par_2'] as [PartnerId, PartnerId];
const OPEN = { type: 'x', audience: undefined };

describe('wordBlocksOf()', () => {
  it('takes the words of neighbours together, topic by topic, each word once', () => {
    const blocks = wordBlocksOf([
      { ...OPEN, topicId: A, acceptedAtMs: 5, words: ['лада', 'веста'] },
      { ...OPEN, topicId: B, acceptedAtMs: 6, words: ['лада'] },
      { ...OPEN, topicId: A, acceptedAtMs: 4, words: ['лада', 'нива'] },
      { ...OPEN, topicId: A, acceptedAtMs: 9, words: [] },
    ]);
    expect(blocks).toEqual([
      { ...OPEN, topicId: A, fromMs: 4, toMs: 5, words: ['лада', 'веста', 'нива'] },
      { ...OPEN, topicId: B, fromMs: 6, toMs: 6, words: ['лада'] },
    ]);
  });

  it('takes no messages together that others may see', () => {
    const words = ['лада'];
    const at = { topicId: A, acceptedAtMs: 5, words };
    const blocks = wordBlocksOf([
      { ...at, type: 'x', audience: undefined },
      { ...at, type: 'y', audience: undefined },
      { ...at, type: 'x', audience: [ONE, OTHER] },
      { ...at, type: 'x', audience: [ONE] },
      { ...at, type: 'x', audience: [OTHER, ONE] },
    ]);
    expect(blocks.map(({ type, audience }) => [type, audience])).toEqual([
      ['x', undefined],
      ['y', undefined],
      ['x', [ONE, OTHER]],
      ['x', [ONE]],
    ]);
  });

  it('spans no more than a minute, whatever the order', () => {
    const at = (acceptedAtMs: number) => ({ ...OPEN, topicId: A, acceptedAtMs, words: ['лада'] });
    const spans = wordBlocksOf([at(100_000), at(45_000), at(105_000), at(105_001)]).map(
      ({ fromMs, toMs }) => [fromMs, toMs],
    );
    expect(spans).toEqual([
      [45_000, 105_000],
      [105_001, 105_001],
    ]);
  });

  it('begins another block after so many messages or words', () => {
    const many = Array.from({ length: BLOCK_MESSAGES_MAX + 1 }, (_, n) => ({
      ...OPEN,
      topicId: A,
      acceptedAtMs: n,
      words: ['same'],
    }));
    expect(wordBlocksOf(many).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [0, BLOCK_MESSAGES_MAX - 1],
      [BLOCK_MESSAGES_MAX, BLOCK_MESSAGES_MAX],
    ]);
    const wordy = [0, 1, 2].map((n) => ({
      ...OPEN,
      topicId: A,
      acceptedAtMs: n,
      words: Array.from({ length: 1000 }, (_, i) => `w${n}-${i}`),
    }));
    expect(wordBlocksOf(wordy)).toHaveLength(2);
  });

  it('covers every word of every message, in a block of its topic and time', () => {
    const message = fc.record({
      topicId: fc.constantFrom(A, B),
      type: fc.constantFrom('x', 'y'),
      audience: fc.constantFrom(undefined, [ONE], [ONE, OTHER], [OTHER, ONE]),
      acceptedAtMs: fc.nat(1000),
      words: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 300 }), (messages) => {
        const blocks = wordBlocksOf(messages);
        for (const { topicId, type, audience, acceptedAtMs, words } of messages) {
          const covers = blocks.some(
            (block) =>
              block.topicId === topicId &&
              block.type === type &&
              `${block.audience?.toSorted()}` === `${audience?.toSorted()}` &&
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
