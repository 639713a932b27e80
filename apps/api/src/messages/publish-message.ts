import type { PartnerCaller } from '@anika/core/access';
import { Failure, invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { isNoticesTopic } from '@anika/core/notice/notice';
import type { Route } from '@anika/core/route';
import { SCHEDULE_MAX_DAYS, SCHEDULED_MAX, scheduleOf } from '@anika/core/schedule';
import type { TraceContext } from '@anika/core/trace';
import type { MessageEvent } from '../events.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { MessageIds } from './message-ids.ts';
import {
  type AcceptedMessage,
  checkAudience,
  checkForm,
  formerFingerprintOf,
  type PublishCommand,
  replayOf,
  toMessage,
} from './new-message.ts';

type Request = Pick<MessageEvent, 'requestId' | 'startedMs' | 'partOf'>;
type FoundMessage = Message & { readonly fingerprint: string | undefined };

export type PublishNeeds = {
  readonly route: (topicId: TopicId) => Promise<{ readonly route: Route } | undefined>;
  /** Resolves once the message is durable; shared writes. It need not be written once `gone` aborts. */
  readonly store: (message: AcceptedMessage, gone: AbortSignal) => Promise<'stored' | 'duplicate'>;
  readonly find: (id: MessageId) => Promise<FoundMessage | 'recalled' | undefined>;
  /** Starts the fan-out, which nobody waits for; the sweep does what it leaves. */
  readonly fanOut: (message: AcceptedMessage) => void;
  /** Throws `schema-mismatch`. */
  readonly checkData: (
    topic: Route['topic'],
    data: Pick<PublishCommand, 'data' | 'dataText'>,
  ) => Promise<void>;
  /** How many messages of a company wait for their time; no more than `limit` are counted. */
  readonly countScheduled: (ownerId: PartnerId, limit: number) => Promise<number>;
  readonly accepted: (event: MessageEvent) => void;
  readonly ids: MessageIds;
  readonly order: (nowMs: number) => number;
  readonly refuse: RefuseTopic;
  readonly clock: { now(): number };
};

export type Receipt = {
  readonly id: MessageId;
  readonly topicId: TopicId;
  readonly type: string;
  readonly acceptedAtMs: number;
  /** When it is sent, of one that was scheduled. */
  readonly deliverAtMs: number | undefined;
  /** The idempotency key was used before: this is the first answer again. */
  readonly replayed: boolean;
};

/** Who publishes, in which request; `gone` aborts when nobody waits for the answer any more. */
export type Publisher = {
  readonly by: PartnerCaller;
  readonly requestId: string;
  readonly partOf: TraceContext | undefined;
  readonly gone: AbortSignal;
};
export type PublishMessage = (command: PublishCommand, publisher: Publisher) => Promise<Receipt>;

/** Accepts a message: checked, stored durably, then handed to the fan-out. */
export function createPublishMessage(needs: PublishNeeds): PublishMessage {
  const { clock, ids } = needs;

  function replay(
    found: FoundMessage | 'recalled' | undefined,
    again: Pick<AcceptedMessage, 'id' | 'fingerprint'>,
    request: Request,
  ): Receipt {
    if (found === 'recalled') {
      const detail = 'The message of this Idempotency-Key was taken back; use a new key for a new message';
      throw new Failure('recalled', detail);
    }
    const first = replayOf(found, again);
    needs.accepted({ message: first, outcome: 'replayed', ...request });
    return receiptOf(first, true);
  }

  async function keepScheduleLimit(ownerId: PartnerId): Promise<void> {
    if ((await needs.countScheduled(ownerId, SCHEDULED_MAX)) < SCHEDULED_MAX) return;
    throw new Failure(
      'limit-reached',
      `The company has ${SCHEDULED_MAX} messages waiting for their time, the most it may`,
    );
  }

  /** Of a key whose message a former version accepted. */
  async function formerReceipt(command: PublishCommand, request: Request): Promise<Receipt | undefined> {
    const { topicId, idempotencyKey: key } = command;
    const id = key === undefined ? undefined : await ids.formerOfKey(topicId, key, request.startedMs);
    const first = id === undefined ? undefined : await needs.find(id);
    if (id === undefined || first === undefined) return undefined;
    return replay(first, { id, fingerprint: formerFingerprintOf(command) }, request);
  }

  return async (command, { by, requestId, partOf, gone }) => {
    const request = { requestId, partOf, startedMs: clock.now() };
    const route = (await needs.route(command.topicId))?.route;
    const isOwn = route?.topic.ownerId === by.partnerId && !isNoticesTopic(command.topicId, by.partnerId);
    if (route === undefined || !isOwn) {
      throw await needs.refuse(command.topicId, by, 'ownership');
    }
    const nowMs = clock.now();
    checkForm(command);
    const former = await formerReceipt(command, request);
    if (former !== undefined) return former;
    const key = command.idempotencyKey;
    const id = key === undefined ? ids.fresh(nowMs) : await ids.ofKey(command.topicId, key);
    const laterMs = laterOf(command, nowMs);
    const made = { id, nowMs, order: needs.order(nowMs), requestId, laterMs };
    const message = toMessage(command, by.partnerId, made);
    try {
      checkAudience(command, route, nowMs);
      if (laterMs !== undefined) await keepScheduleLimit(by.partnerId);
      await needs.checkData(route.topic, command);
    } catch (refusal) {
      // Rules change: who lost the 202 of a message that was taken before must not be told it was refused.
      const first = key === undefined ? undefined : await needs.find(id);
      if (first === undefined) throw refusal;
      return replay(first, message, request);
    }
    const outcome = await needs.store(message, gone);
    // A fresh id is nobody else's: a group that was written again has met its own message.
    if (outcome === 'duplicate' && key !== undefined) return replay(await needs.find(id), message, request);
    needs.accepted({ message, outcome: 'stored', ...request });
    if (laterMs === undefined) needs.fanOut(message);
    return receiptOf(message, false);
  };
}

function laterOf({ deliverAtMs }: PublishCommand, nowMs: number): number | undefined {
  const schedule = scheduleOf(deliverAtMs, nowMs);
  if (schedule.kind === 'too-late')
    throw invalid('deliverAt', said('too-far-ahead', { count: SCHEDULE_MAX_DAYS }));
  return schedule.kind === 'later' ? schedule.atMs : undefined;
}

function receiptOf({ id, topicId, type, acceptedAtMs, publishedAtMs }: Message, replayed: boolean): Receipt {
  const deliverAtMs = publishedAtMs === undefined ? undefined : acceptedAtMs;
  return { id, topicId, type, acceptedAtMs: publishedAtMs ?? acceptedAtMs, deliverAtMs, replayed };
}

export type BatchOutcome = { readonly receipt: Receipt } | { readonly failure: Failure };

/**
 * Each message of a batch has its own outcome, also where a store was away for some of them; one that repeats a key
 * within the batch sees the first. `toFailure` says what an unexpected error is to the publisher.
 */
export async function publishAll(
  publish: PublishMessage,
  commands: readonly (PublishCommand | Failure)[],
  publisher: Publisher & { readonly toFailure: (error: unknown) => Failure },
): Promise<BatchOutcome[]> {
  return Promise.all(
    commands.map(async (command): Promise<BatchOutcome> => {
      if (command instanceof Failure) return { failure: command };
      try {
        return { receipt: await publish(command, publisher) };
      } catch (error) {
        publisher.gone.throwIfAborted();
        return { failure: publisher.toFailure(error) };
      }
    }),
  );
}
