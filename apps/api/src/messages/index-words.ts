import type { TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
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
  /** Puts these blocks in the place of those that lie within their time. */
  readonly replaceBlocks: (
    topicId: TopicId,
    time: { fromMs: number; toMs: number },
    blocks: readonly WordBlock[],
  ) => Promise<void>;
  readonly progress: (messages: number) => void;
};

const PAGE = 200;

/** Indexes the words of all messages anew, while everything serves; returns how many messages there were. */
export function createIndexWords(needs: IndexWordsNeeds): () => Promise<number> {
  return async () => {
    let messages = 0;
    for (const topicId of await needs.topicIds()) {
      for await (const page of pagesOf(topicId, needs)) {
        await indexPage(topicId, page, needs);
        messages += page.length;
        needs.progress(messages);
      }
    }
    return messages;
  };
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

async function indexPage(topicId: TopicId, page: readonly Message[], needs: IndexWordsNeeds): Promise<void> {
  const times = page.map(({ acceptedAtMs }) => acceptedAtMs);
  const worded = page.map((message) => ({ ...message, words: wordsOf(JSON.parse(message.dataText)) }));
  const blocks = wordBlocksOf(worded);
  await needs.replaceBlocks(topicId, { fromMs: Math.min(...times), toMs: Math.max(...times) }, blocks);
}
