import type { Caller, PartnerCaller } from '@anika/core/access';
import { Failure, invalid, notFound } from '@anika/core/failures';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { HistoryLost } from '@anika/core/stream/history-lost';
import { endOf, type Position, parsePosition } from '@anika/core/stream/position';
import type { StreamFilter } from '@anika/core/stream/stream-event';
import type { Logger } from '@anika/runtime/logger';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { Hub } from './hub.ts';
import { createListener, type Listener, type StreamEnd } from './listener.ts';

export type OpenStreamNeeds = {
  readonly hub: Pick<Hub, 'joinNow' | 'joinFrom'>;
  /** Whether the company neither owns this topic nor has an active grant on it. */
  readonly refusesTopic: (topicId: TopicId, partnerId: PartnerId) => Promise<boolean>;
  /** Whether it is a subscription of this company, or on a topic of its own. */
  readonly sharesSubscription: (id: SubscriptionId, partnerId: PartnerId) => Promise<boolean>;
  readonly refuse: RefuseTopic;
  /** Rejects with a Failure when a company catches up too often. */
  readonly admitCatchUp: (partnerId: PartnerId) => Promise<void>;
  /** How many a company may have open in this process. */
  readonly maxStreams: number;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

export type StreamRequest = {
  readonly filter: StreamFilter;
  readonly lastEventId: string | undefined;
  /** Undefined: until the client goes. */
  readonly seconds: number | undefined;
  /** Who calls, as of now; rejects with `unauthenticated` when that is over. */
  readonly callerNow: () => Promise<Caller>;
  /** Aborts when the client goes. */
  readonly gone: AbortSignal;
};

/** Further back nobody is taken: it would read the store's whole log. */
const CATCH_UP_MAX_MS = 3_600_000;
const JUDGE_EVERY_MS = 1000;
const COMMENT_EVERY_MS = 15_000;

type Open = StreamRequest & { readonly listener: Listener; readonly startedMs: number; commentedMs: number };

/** Who may listen to what, for how long, and how many at once. */
export function createOpenStream(needs: OpenStreamNeeds) {
  const { hub, clock } = needs;
  const open = new Set<Open>();
  const catchingUp = new Map<PartnerId, Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;

  async function mayListen(
    { topicId, subscriptionId }: StreamFilter,
    partnerId: PartnerId,
  ): Promise<boolean> {
    if (topicId !== undefined && (await needs.refusesTopic(topicId, partnerId))) return false;
    return subscriptionId === undefined || needs.sharesSubscription(subscriptionId, partnerId);
  }

  async function authorise({ topicId, subscriptionId }: StreamFilter, by: PartnerCaller): Promise<void> {
    if (topicId !== undefined && (await needs.refusesTopic(topicId, by.partnerId))) {
      throw await needs.refuse(topicId, by, 'grant');
    }
    if (subscriptionId !== undefined && !(await needs.sharesSubscription(subscriptionId, by.partnerId))) {
      throw notFound('subscription');
    }
  }

  function takePlace(partnerId: PartnerId): void {
    const count = [...open].filter(({ listener }) => listener.partnerId === partnerId).length;
    if (count < needs.maxStreams) return;
    const detail = `Your company has ${count} streams open here, the most at once; end one first`;
    throw new Failure('rate-limited', detail, { retryAfterSeconds: 5 });
  }

  /** What has to be judged again and again, for all in one timer. */
  async function judge(one: Open): Promise<StreamEnd | undefined> {
    const { seconds, startedMs, listener } = one;
    const nowMs = clock.now();
    if (seconds !== undefined && nowMs >= startedMs + seconds * 1000) return 'time-over';
    const caller = await one.callerNow().catch(asFailure);
    if (caller instanceof Failure) return 'signed-out';
    if (!(await mayListen(one.filter, listener.partnerId))) return 'access-ended';
    if (nowMs >= one.commentedMs + COMMENT_EVERY_MS) {
      one.commentedMs = nowMs;
      listener.comment();
    }
    return undefined;
  }

  async function judgeAll(): Promise<void> {
    for (const one of [...open]) {
      const reason = await judge(one).catch(() => undefined);
      if (reason !== undefined) one.listener.end(reason);
    }
  }

  function keep(one: Open): void {
    open.add(one);
    timer ??= setInterval(() => void judgeAll(), JUDGE_EVERY_MS).unref();
    one.listener.ended.addEventListener('abort', () => {
      open.delete(one);
      if (open.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  }

  /** One company's one after the other: each reads the store's log from where it was. */
  async function catchUp(listener: Listener): Promise<void> {
    const { partnerId } = listener;
    const before = catchingUp.get(partnerId) ?? Promise.resolve();
    const mine = before.then(() => (listener.ended.aborted ? undefined : joinFrom(listener)));
    catchingUp.set(partnerId, mine);
    await mine;
    if (catchingUp.get(partnerId) === mine) catchingUp.delete(partnerId);
  }

  async function joinFrom(listener: Listener): Promise<void> {
    try {
      await hub.joinFrom(listener);
    } catch (error) {
      if (error instanceof HistoryLost) return startAnew(listener);
      if (!listener.ended.aborted) needs.logger.warn({ err: error }, 'a listener could not catch up');
      listener.end('restarting');
    }
  }

  /** It learns its place at once: whoever is cut off before anything happens can go on from there. */
  async function startNow(listener: Listener): Promise<void> {
    await hub.joinNow(listener);
    listener.comment();
  }

  async function startAnew(listener: Listener): Promise<void> {
    await hub.joinNow(listener);
    listener.lose(listener.position());
  }

  function knows(from: Position): boolean {
    const ageMs = clock.now() - from.seconds * 1000;
    return ageMs < CATCH_UP_MAX_MS && ageMs > -CATCH_UP_MAX_MS;
  }

  return async (request: StreamRequest, by: PartnerCaller): Promise<AsyncIterable<string>> => {
    const { filter, lastEventId } = request;
    await authorise(filter, by);
    const given = lastEventId === undefined ? undefined : parsePosition(lastEventId);
    if (lastEventId !== undefined && given === undefined)
      throw invalid('Last-Event-ID', 'is no id of this stream');
    if (given !== undefined) await needs.admitCatchUp(by.partnerId);
    takePlace(by.partnerId);
    const isKnown = given !== undefined && knows(given);
    const from = isKnown ? given : endOf({ seconds: 0, increment: 0 });
    const listener = createListener({ partnerId: by.partnerId, filter, from });
    request.gone.addEventListener('abort', () => listener.end('restarting'), { once: true });
    if (request.gone.aborted) throw request.gone.reason;
    const nowMs = clock.now();
    keep({ ...request, listener, startedMs: nowMs, commentedMs: nowMs });
    try {
      if (given === undefined) await startNow(listener);
      else if (isKnown) void catchUp(listener);
      else await startAnew(listener);
    } catch (error) {
      listener.end('restarting');
      throw error;
    }
    return listener.lines;
  };
}

/** A store that is away ends no stream. */
function asFailure(error: unknown): Failure | undefined {
  return error instanceof Failure ? error : undefined;
}
