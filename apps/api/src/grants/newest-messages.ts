import type { Grant } from '@anika/core/access';
import type { TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { createTurn } from '@anika/runtime/turn';
import type { MessageSearch, SearchPage } from '@anika/stores/mongo/message-search';
import { scopeOf } from '../messages/scope-of.ts';

export type NewestNeeds = {
  readonly search: (search: MessageSearch) => Promise<SearchPage>;
  readonly clock: { now(): number };
};

const MAX_MESSAGES = 1000;
const STEP = 50;
/** Of JSON text; after it enough has been looked at. */
const MAX_CHARS = 8_000_000;
const MAX_MS = 2000;

/** With a grant only those that it lets through. */
export type NewestMessages = (topicId: TopicId, grant: Grant | undefined) => AsyncIterable<Message>;

/** The newest messages of a topic: at most 1,000, of some megabytes, in two seconds. */
export function createNewestMessages({ search, clock }: NewestNeeds): NewestMessages {
  return async function* newest(topicId, grant) {
    const scopes = [scopeOf(topicId, grant)];
    const untilMs = clock.now() + MAX_MS;
    let after: MessageSearch['after'];
    let chars = 0;
    const turn = createTurn();
    for (let count = 0; count < MAX_MESSAGES; count += STEP) {
      const page = await search({ scopes, after, limit: STEP });
      for (const message of page.messages) {
        yield message;
        chars += message.dataText.length;
        if (chars > MAX_CHARS || clock.now() > untilMs) return;
        await turn.giveWay();
      }
      if (page.next === undefined) return;
      after = page.next;
    }
  };
}
