import type { Recalled } from '@anika/core/recall';
import { wordsOf } from '@anika/core/words';
import { createTurn } from '@anika/runtime/turn';
import type { RecallStore } from '@anika/stores/mongo/recalls';
import type { BlockOfWords, WordBlockStore } from '@anika/stores/mongo/word-blocks';

export type RemoveWordsNeeds = Pick<WordBlockStore, 'around' | 'removeWords'> &
  Pick<RecallStore, 'textsBetween'>;

/**
 * Takes out of the index of words what only a message had that was taken back. Which words these were nobody knows any
 * more: of the blocks that it may be in, a word stays that another message of their time has. Words are only taken out:
 * of two messages of one block that are recalled at once, whoever looks last sees that both are gone.
 */
export function createRemoveWords(needs: RemoveWordsNeeds) {
  return async (message: Pick<Recalled, 'topicId' | 'type' | 'acceptedAtMs'>): Promise<void> => {
    for (const block of await needs.around(message)) {
      const gone = await wordsOfNobody(block, message, needs);
      if (gone.size > 0) await needs.removeWords(block, [...gone]);
    }
  };
}

async function wordsOfNobody(
  { fromMs, toMs, words }: BlockOfWords,
  { topicId, type }: Pick<Recalled, 'topicId' | 'type'>,
  { textsBetween }: Pick<RemoveWordsNeeds, 'textsBetween'>,
): Promise<Set<string>> {
  const left = new Set(words);
  const turn = createTurn();
  for await (const text of textsBetween({ topicId, type, fromMs, toMs })) {
    for (const word of wordsOf(text)) left.delete(word);
    if (left.size === 0) break;
    await turn.giveWay();
  }
  return left;
}
