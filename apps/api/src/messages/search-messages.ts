import { type Grant, grantState, type PartnerCaller } from '@anika/core/access';
import { compileFilter } from '@anika/core/compile-filter';
import { Failure } from '@anika/core/failures';
import type { Filter } from '@anika/core/filter';
import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import { matchesWords, queryWords, wordsOf } from '@anika/core/words';
import type { MessageSearch, SearchPage, SearchScope, TimeCursor } from '@anika/stores/mongo/message-search';
import { PAGE_BYTES } from '../http/page.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import { type Collected, collectPage } from './collect-page.ts';
import { type Lens, ownerLens, readerLens, type VisibleMessage } from './readable-messages.ts';
import { scopeOf } from './scope-of.ts';
import type { Kind, Positions } from './search-position.ts';

export type SearchNeeds = {
  readonly search: (search: MessageSearch) => Promise<SearchPage>;
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly ownTopicIds: (ownerId: PartnerId, limit: number) => Promise<TopicId[]>;
  readonly activeGrants: (partnerId: PartnerId, at: { nowMs: number; limit: number }) => Promise<Grant[]>;
  readonly refuse: RefuseTopic;
  readonly clock: { now(): number };
};

export type SearchQuery = Pick<MessageSearch, 'type' | 'key' | 'fromMs' | 'toMs' | 'limit'> & {
  readonly topicId: TopicId | undefined;
  readonly q: string | undefined;
  readonly where: Filter | undefined;
  /** Own messages whose time has not come. */
  readonly isScheduled: boolean;
  readonly positions: Positions;
};

export type Found = {
  readonly messages: readonly VisibleMessage[];
  readonly positions: Positions;
};

/** Of a search that names no topic: so many of each kind of them. */
const MAX_TOPICS = 1000;
const SCAN_MAX = 2000;
/** The same where a mask hides something: each message may hold a lot that its reader does not see. */
const SCAN_MAX_MASKED = 200;
/** The same beside topics without a mask, which are not to wait for these. */
const SCAN_MAX_MASKED_BESIDE = 50;
/** How many are asked for at a time among messages that may have the words searched for. */
const SCAN_STEP_WORDS = 100;
/** An id that sorts before every other. */
const FIRST_ID = `msg_${'0'.repeat(16)}`;

type View = { readonly lens: Lens; readonly grant: Grant | undefined };
type Views = ReadonlyMap<TopicId, View>;

export type SearchMessages = (query: SearchQuery, by: PartnerCaller) => Promise<Found>;

/**
 * Finds messages. Conditions on what the caller sees in full are the database's work. Where a mask hides
 * something from the caller, its conditions are tried on the masked message only, here: neither a hit nor its
 * absence tells of a hidden value. Topics with a mask, topics with a filter alone and all others are searched apart,
 * each as fast as it can be: a grant that nobody asked for slows no search over anything else.
 */
export function createSearchMessages(needs: SearchNeeds): SearchMessages {
  return async (query, by) => {
    const words = queryWords(query.q ?? '');
    const views = await viewsOf(query, by, needs);
    // Searched for, but nothing in it is a word: no message has it.
    if (query.q !== undefined && query.q.trim() !== '' && words.length === 0) {
      return { messages: [], positions: new Map() };
    }
    const search: Search = { query, words, find: needs.search };
    const kinds = byKind(views, words.length > 0, query.positions);
    const open = [...kinds].filter(([kind]) => kind !== 'masked');
    const pages = new Map(
      await Promise.all(open.map(async ([kind, some]) => [kind, await pageOf(kind, some, search)] as const)),
    );
    const masked = kinds.get('masked');
    if (masked !== undefined) pages.set('masked', await maskedPage(masked, pages, search));
    return merge(pages, query);
  };
}

async function viewsOf(query: SearchQuery, by: PartnerCaller, needs: SearchNeeds): Promise<Views> {
  const { topicId } = query;
  if (topicId === undefined) return allViews(by.partnerId, query, needs);
  const topic = await needs.findTopic(topicId);
  if (topic?.owner.id === by.partnerId) return new Map([[topic.id, viewOf(undefined, needs)]]);
  if (query.isScheduled) throw await needs.refuse(topicId, by, 'ownership');
  const grant = topic && (await needs.findGrant(topic.id, by.partnerId));
  if (grant === undefined || grantState(grant, needs.clock.now()) !== 'active') {
    throw await needs.refuse(topicId, by, 'grant');
  }
  return new Map([[grant.topicId, viewOf(grant, needs)]]);
}

async function allViews(
  partnerId: PartnerId,
  { isScheduled }: Pick<SearchQuery, 'isScheduled'>,
  needs: SearchNeeds,
): Promise<Views> {
  const limit = MAX_TOPICS + 1;
  const own = await needs.ownTopicIds(partnerId, limit);
  const grants = isScheduled ? [] : await needs.activeGrants(partnerId, { nowMs: needs.clock.now(), limit });
  if (own.length > MAX_TOPICS) throw tooMany('too-many-topics', 'topics: name one with topicId');
  if (grants.length > MAX_TOPICS)
    throw tooMany('too-many-grants', 'active grants: name a topic with topicId, or decline grants');
  return new Map([
    ...own.map((id) => [id, viewOf(undefined, needs)] as const),
    ...grants.map((grant) => [grant.topicId, viewOf(grant, needs)] as const),
  ]);
}

function tooMany(code: 'too-many-topics' | 'too-many-grants', what: string): Failure {
  return new Failure(code, `You have more than ${MAX_TOPICS} ${what}`);
}

function viewOf(grant: Grant | undefined, { clock }: Pick<SearchNeeds, 'clock'>): View {
  return { grant, lens: grant === undefined ? ownerLens() : readerLens(grant, clock) };
}

/** Of the kinds that have not been looked at to their end. */
function byKind(views: Views, byWords: boolean, positions: Positions): Map<Kind, Map<TopicId, View>> {
  const kinds = new Map<Kind, Map<TopicId, View>>();
  for (const [id, view] of views) {
    const kind = kindOf(view.grant, byWords);
    if (!positions.has(kind)) continue;
    const some = kinds.get(kind) ?? new Map<TopicId, View>();
    kinds.set(kind, some.set(id, view));
  }
  return kinds;
}

/** Words lead to messages near those that have them: none that the caller may not see may be among these. */
function kindOf(grant: Grant | undefined, byWords: boolean): Kind {
  if (grant?.fields !== undefined) return 'masked';
  return byWords && grant?.filter !== undefined ? 'filtered' : 'full';
}

type Search = {
  readonly query: SearchQuery;
  readonly words: readonly string[];
  readonly find: SearchNeeds['search'];
};

function pageOf(kind: Kind, views: Views, search: Search, scanMax?: number): Promise<Collected> {
  const { query, words, find } = search;
  const isMasked = kind === 'masked';
  const position = query.positions.get(kind);
  const { type, key, fromMs, toMs, limit, isScheduled } = query;
  // Those whose time has not come are not indexed by their words: they are few, and looked at one by one.
  const byWords = kind === 'full' && !isScheduled;
  const scopes = scopesOf(views, { where: isMasked ? undefined : query.where, key });
  if (scopes.length === 0) return Promise.resolve({ messages: [], next: undefined });
  return collectPage(
    {
      ...{ type, key, fromMs, toMs, limit, scopes, isScheduled },
      after: position === 'start' ? undefined : position,
      words: byWords ? words : [],
    },
    find,
    {
      scanMax: scanMax ?? (isMasked ? SCAN_MAX_MASKED : SCAN_MAX),
      ...(byWords && words.length > 0 && { scanStep: SCAN_STEP_WORDS }),
      see: async (message, turn) => views.get(message.topicId)?.lens.see(message, turn),
      isWanted: wantedBy(isMasked ? query.where : undefined, words),
    },
  );
}

/**
 * Each message is looked at: none that is older than the page has room for, and fewer where other topics are searched
 * too. These do not wait: what is found here later than it would be in the order of time comes on a later page.
 */
async function maskedPage(
  views: Views,
  others: ReadonlyMap<Kind, Collected>,
  search: Search,
): Promise<Collected> {
  const { fromMs, limit } = search.query;
  const floorMs = sorted([...others.values()].flatMap(({ messages }) => messages)).at(
    limit - 1,
  )?.acceptedAtMs;
  const scanMax = others.size === 0 ? SCAN_MAX_MASKED : SCAN_MAX_MASKED_BESIDE;
  const position = search.query.positions.get('masked');
  if (floorMs !== undefined && typeof position === 'object' && position.acceptedAtMs < floorMs) {
    return { messages: [], next: position };
  }
  if (floorMs === undefined || floorMs <= (fromMs ?? 0)) return pageOf('masked', views, search, scanMax);
  const query = { ...search.query, fromMs: floorMs };
  const page = await pageOf('masked', views, { ...search, query }, scanMax);
  return { ...page, next: page.next ?? { acceptedAtMs: floorMs, id: FIRST_ID } };
}

function sorted(messages: readonly VisibleMessage[]): VisibleMessage[] {
  return messages.toSorted((a, b) => b.acceptedAtMs - a.acceptedAtMs || (a.id < b.id ? 1 : -1));
}

/** The newest of what all kinds have found; each goes on after the last of its own that is shown. */
function merge(pages: ReadonlyMap<Kind, Collected>, { limit, positions }: SearchQuery): Found {
  const messages = firstBytes(sorted([...pages.values()].flatMap((page) => page.messages)).slice(0, limit));
  const shown = new Set(messages.map(({ id }) => id));
  const next = new Map<Kind, TimeCursor | 'start'>();
  for (const [kind, page] of pages) {
    const last = page.messages.findLast(({ id }) => shown.has(id));
    const isAllShown = page.messages.every(({ id }) => shown.has(id));
    const position = isAllShown ? page.next : (last ?? positions.get(kind) ?? 'start');
    if (position !== undefined) next.set(kind, position);
  }
  return { messages, positions: next };
}

/** Up to the one that fills the page: a kind that has ended at as many bytes goes no further than these. */
function firstBytes(messages: readonly VisibleMessage[]): VisibleMessage[] {
  let bytes = 0;
  const end = messages.findIndex(({ dataText }) => {
    const isFull = bytes >= PAGE_BYTES;
    bytes += Buffer.byteLength(dataText);
    return isFull;
  });
  return end === -1 ? [...messages] : messages.slice(0, end);
}

function wantedBy(where: Filter | undefined, words: readonly string[]) {
  const matches = where === undefined ? () => true : compileFilter(where);
  return (message: VisibleMessage): boolean =>
    matches(message) && (words.length === 0 || matchesWords(wordsOf(message.dataText), words));
}

type Pushed = { where: Filter | undefined; key: string | undefined };

function scopesOf(views: Views, pushed: Pushed): SearchScope[] {
  const where = pushed.where === undefined ? [] : [pushed.where];
  return [...views].flatMap(([topicId, { grant, lens }]): SearchScope[] => {
    // Nothing has a key for whom the grant hides it.
    if (pushed.key !== undefined && !lens.showsKey) return [];
    return [scopeOf(topicId, grant, where)];
  });
}
