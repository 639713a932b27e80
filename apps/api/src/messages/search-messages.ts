import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Grant, grantState, type PartnerCaller } from '@anika/core/access';
import { compileFilter } from '@anika/core/compile-filter';
import { notFound } from '@anika/core/failures';
import type { Filter } from '@anika/core/filter';
import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Topic } from '@anika/core/topic';
import { matchesWords, queryWords, wordsOf } from '@anika/core/words';
import type { MessageSearch, SearchPage, SearchScope } from '@anika/stores/mongo/message-search';
import { type Lens, ownerLens, readerLens, type VisibleMessage } from './readable-messages.ts';

export type SearchNeeds = {
  readonly search: (search: MessageSearch) => Promise<SearchPage>;
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly ownTopicIds: (ownerId: PartnerId, limit: number) => Promise<TopicId[]>;
  readonly activeGrants: (partnerId: PartnerId, nowMs: number) => Promise<Grant[]>;
  readonly clock: { now(): number };
};

export type SearchQuery = Pick<MessageSearch, 'type' | 'key' | 'fromMs' | 'toMs' | 'after' | 'limit'> & {
  readonly topicId: TopicId | undefined;
  readonly q: string | undefined;
  readonly where: Filter | undefined;
};

export type Found = {
  readonly messages: readonly VisibleMessage[];
  readonly nextAfter: { readonly acceptedAtMs: number; readonly id: string } | undefined;
};

const MAX_OWN_TOPICS = 1000;
/** Messages looked at for one page; it then ends early, with a cursor. */
const SCAN_MAX = 2000;
/** The same where a mask hides something: each may hold a lot that its reader does not see. */
const SCAN_MAX_MASKED = 200;
const SCAN_STEP = 50;
/** The same among messages that may have the words searched for. */
const SCAN_STEP_WORDS = 100;
/** Of JSON text, for one page. Of what the caller sees: where a page ends must not tell how much is hidden. */
const SCAN_MAX_CHARS = 8_000_000;
/** Of JSON text, after which other requests have their turn. */
const TURN_CHARS = 250_000;

type View = { readonly lens: Lens; readonly grant: Grant | undefined };

export type SearchMessages = (query: SearchQuery, by: PartnerCaller) => Promise<Found>;

/**
 * Finds messages. Conditions on what the caller sees in full are the database's work. Where a mask hides
 * something from the caller, its conditions are tried on the masked message only, here: neither a hit nor its
 * absence tells of a hidden value.
 */
export function createSearchMessages(needs: SearchNeeds): SearchMessages {
  async function viewsOf(query: SearchQuery, by: PartnerCaller): Promise<Map<TopicId, View>> {
    const views = new Map<TopicId, View>();
    const add = (topicId: TopicId, grant: Grant | undefined) =>
      views.set(topicId, { grant, lens: grant === undefined ? ownerLens() : readerLens(grant, needs.clock) });
    if (query.topicId === undefined) {
      for (const id of await needs.ownTopicIds(by.partnerId, MAX_OWN_TOPICS)) add(id, undefined);
      for (const grant of await needs.activeGrants(by.partnerId, needs.clock.now()))
        add(grant.topicId, grant);
      return views;
    }
    const topic = await needs.findTopic(query.topicId);
    if (topic?.owner.id === by.partnerId) return add(topic.id, undefined);
    const grant = topic && (await needs.findGrant(topic.id, by.partnerId));
    if (grant === undefined || grantState(grant, needs.clock.now()) !== 'active') throw notFound('topic');
    return add(grant.topicId, grant);
  }

  return async (query, by) => {
    const views = await viewsOf(query, by);
    const words = queryWords(query.q ?? '');
    // Searched for, but nothing in it is a word: no message has it.
    if (query.q !== undefined && query.q.trim() !== '' && words.length === 0) {
      return { messages: [], nextAfter: undefined };
    }
    const grants = [...views.values()].flatMap(({ grant }) => grant ?? []);
    const hidesFields = grants.some(({ fields }) => fields !== undefined);
    // Words lead to messages near those that have them: none that the caller may not see may be among these.
    const byWords = words.length > 0 && !hidesFields && grants.every(({ filter }) => filter === undefined);
    const scopes = scopesOf(views, {
      where: hidesFields ? undefined : query.where,
      readerId: by.partnerId,
    });
    return collect({ ...query, scopes, words: byWords ? words : [] }, needs.search, {
      scanMax: hidesFields ? SCAN_MAX_MASKED : SCAN_MAX,
      scanStep: byWords ? SCAN_STEP_WORDS : SCAN_STEP,
      see: (message) => views.get(message.topicId)?.lens.see(message),
      isWanted: wantedBy(hidesFields ? query.where : undefined, words),
    });
  };
}

function wantedBy(where: Filter | undefined, words: readonly string[]) {
  const matches = where === undefined ? () => true : compileFilter(where);
  return (message: VisibleMessage): boolean =>
    matches(message) && (words.length === 0 || matchesWords(wordsOf(message.data), words));
}

type Pushed = { where: Filter | undefined; readerId: PartnerId };

function scopesOf(views: ReadonlyMap<TopicId, View>, pushed: Pushed): SearchScope[] {
  const where = pushed.where === undefined ? [] : [pushed.where];
  return [...views].map(([topicId, { grant }]): SearchScope => {
    if (grant === undefined) return { topicId, filters: where };
    return {
      topicId,
      readerId: pushed.readerId,
      types: grant.types,
      ...(!grant.history && { sinceMs: grant.validFromMs }),
      filters: [...(grant.filter === undefined ? [] : [grant.filter]), ...where],
    };
  });
}

type Looking = {
  readonly scanMax: number;
  readonly scanStep: number;
  readonly see: (message: Message) => VisibleMessage | undefined;
  readonly isWanted: (visible: VisibleMessage) => boolean;
};

/** Reads on until the page is full, the end is reached, or enough was looked at for one request. */
async function collect(
  search: MessageSearch,
  find: SearchNeeds['search'],
  { scanMax, scanStep, see, isWanted }: Looking,
): Promise<Found> {
  const messages: VisibleMessage[] = [];
  let after = search.after;
  let seenChars = 0;
  let turnChars = 0;
  for (let scanned = 0; scanned < scanMax; ) {
    const limit = Math.max(search.limit - messages.length, scanned === 0 ? 0 : scanStep) + 1;
    const found = await find({ ...search, after, limit });
    for (const message of found.messages) {
      if (seenChars >= SCAN_MAX_CHARS) return { messages, nextAfter: after };
      const visible = see(message);
      if (visible !== undefined && isWanted(visible)) {
        if (messages.length === search.limit) return { messages, nextAfter: after };
        messages.push(visible);
      }
      after = { acceptedAtMs: message.acceptedAtMs, id: message.id };
      seenChars += visible?.dataText.length ?? 0;
      turnChars += message.dataText.length;
      if (turnChars < TURN_CHARS) continue;
      turnChars = 0;
      await nextTurn();
    }
    if (found.next === undefined) return { messages, nextAfter: undefined };
    after = found.next;
    scanned += Math.max(found.messages.length, SCAN_STEP);
  }
  return { messages, nextAfter: after };
}
