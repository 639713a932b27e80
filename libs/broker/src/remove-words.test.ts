import type { TopicId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createRemoveWords, type RemoveWordsNeeds } from './remove-words.ts';

type Block = { id: string; fromMs: number; toMs: number; words: string[] };

function scene(blocks: Block[], texts: readonly { atMs: number; text: string }[]) {
  const removed: [string, string[]][] = [];
  const removeWords = createRemoveWords({
    around: async ({ acceptedAtMs }: { acceptedAtMs: number }) =>
      blocks.filter(({ fromMs, toMs }) => fromMs <= acceptedAtMs && acceptedAtMs <= toMs),
    removeWords: async ({ id }: Block, words: readonly string[]) => void removed.push([id, [...words]]),
    async *textsBetween({ fromMs, toMs }: { fromMs: number; toMs: number }) {
      for (const { atMs, text } of texts) if (fromMs <= atMs && atMs <= toMs) yield text;
    },
  } as unknown as RemoveWordsNeeds);
  return {
    removed,
    remove: (atMs: number) => removeWords({ topicId: 'top_1' as TopicId, type: 'a', acceptedAtMs: atMs }),
  };
}

it('what no other message of the block has is taken out, in each block of that time', async () => {
  const { removed, remove } = scene(
    [
      { id: 'one', fromMs: 0, toMs: 100, words: ['shared', 'mine', 'theirs'] },
      { id: 'two', fromMs: 50, toMs: 60, words: ['mine'] },
      { id: 'later', fromMs: 60, toMs: 200, words: ['mine'] },
    ],
    [
      { atMs: 10, text: '{"a":"Shared theirs"}' },
      { atMs: 90, text: '"shared"' },
    ],
  );
  await remove(55);
  expect(removed).toEqual([
    ['one', ['mine']],
    ['two', ['mine']],
  ]);
});

it('nothing is written where all words are those of others', async () => {
  const { removed, remove } = scene(
    [{ id: 'one', fromMs: 0, toMs: 100, words: ['shared'] }],
    [{ atMs: 10, text: '"shared"' }],
  );
  await remove(50);
  expect(removed).toEqual([]);
});
