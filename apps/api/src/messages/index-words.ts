import { mayBeExact, parseExact } from '@anika/core/exact-json';
import type { TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { VALUES_MAX } from '@anika/core/message-values';
import { type WordBlock, wordBlocksOf } from '@anika/core/word-blocks';
import { wordsOf } from '@anika/core/words';

type Position = { readonly acceptedAtMs: number; readonly id: string };

export type IndexWordsNeeds = {
  readonly topicIds: () => Promise<readonly TopicId[]>;
  /** Of one topic, oldest first. */
  readonly messagesAfter: (
    topicId: TopicId,
    after: Position | undefined,
    limit: number,
  ) => Promise<readonly Message[]>;
  /** Stores anew what filters are compared with. */
  readonly storeData: (messages: readonly (Message & { readonly data: unknown })[]) => Promise<void>;
  readonly insertBlocks: (blocks: readonly WordBlock[]) => Promise<void>;
  /** Of a topic, those that were stored before a time. */
  readonly removeBlocks: (topicId: TopicId, storedBeforeMs: number) => Promise<void>;
  readonly progress: (messages: number) => void;
  readonly clock: { now(): number };
};

/** Blocks of the last minutes stay: they are the api's own of now, whatever the clocks of its machines say. */
const OWN_MS = 600_000;
const PAGE = 200;

/**
 * Indexes the words of all messages anew, while everything serves, and what filters are compared with where versions
 * before kept it otherwise: numbers beyond a double, and more values at a path than count. Returns how many messages
 * there were.
 */
export function createIndexWords(needs: IndexWordsNeeds): () => Promise<number> {
  return async () => {
    const startedAtMs = needs.clock.now();
    let messages = 0;
    for (const topicId of await needs.topicIds()) {
      for await (const page of pagesOf(topicId, needs)) {
        await needs.insertBlocks(blocksOf(page));
        await needs.storeData(
          page.filter(mayBeOtherwise).map((one) => ({ ...one, data: parseExact(one.dataText) })),
        );
        messages += page.length;
        needs.progress(messages);
      }
      await needs.removeBlocks(topicId, startedAtMs - OWN_MS);
    }
    return messages;
  };
}

function mayBeOtherwise({ dataText }: Message): boolean {
  return mayBeExact(dataText) || dataText.length > 2 * VALUES_MAX;
}

function blocksOf(page: readonly Message[]): WordBlock[] {
  return wordBlocksOf(page.map((one) => ({ ...one, words: wordsOf(one.dataText) })));
}

async function* pagesOf(
  topicId: TopicId,
  { messagesAfter }: Pick<IndexWordsNeeds, 'messagesAfter'>,
): AsyncGenerator<readonly Message[]> {
  let after: Position | undefined;
  for (;;) {
    const page = await messagesAfter(topicId, after, PAGE);
    after = page.at(-1);
    if (after === undefined) return;
    yield page;
  }
}
