import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { AttemptFacts, DeliveryFacts, MessageFacts, StateFacts } from '@anika/core/stream/stream-event';
import { type Document, Timestamp } from 'mongodb';
import { z } from 'zod';

const time = z.instanceof(Timestamp);
const text = z.string();
const date = z.date();

const attempt = z.looseObject({
  n: z.number(),
  at: date,
  durationMs: z.number(),
  status: z.number().nullish(),
  errorClass: text.nullish(),
});

const status = z.looseObject({
  state: z.enum(DELIVERY_STATES),
  reason: text.optional(),
  nextAttemptAt: date.optional(),
  finishedAt: date.optional(),
});

const messageDocument = z.looseObject({
  topicId: text,
  ownerId: text,
  type: text,
  acceptedAt: date,
  audience: z.array(text).optional(),
});

const origin = z.looseObject({
  messageId: text,
  topicId: text,
  subscriptionId: text,
  ownerId: text,
  partnerId: text,
  type: text,
  acceptedAt: date,
  createdAt: date,
});

/** A change as the pipeline below leaves it. */
const change = z.discriminatedUnion('what', [
  z.looseObject({
    what: z.literal('messages insert'),
    clusterTime: time,
    key: text,
    document: messageDocument,
  }),
  z.looseObject({
    what: z.literal('deliveries insert'),
    clusterTime: time,
    key: text,
    document: z.looseObject({ ...origin.shape, ...status.shape, attempts: z.array(attempt).default([]) }),
  }),
  z.looseObject({ what: z.literal('messages update'), clusterTime: time, key: text }),
  z.looseObject({
    what: z.literal('deliveries update'),
    clusterTime: time,
    key: text,
    updated: z.record(text, z.unknown()),
  }),
]);

export type RawChange = z.output<typeof change>;

/** In the server: nothing that a message or an answer contains leaves it. */
export const CHANGES_PIPELINE: readonly Document[] = [
  {
    $match: {
      $or: [
        // One that is scheduled comes when its time does.
        { 'ns.coll': 'messages', operationType: 'insert', 'fullDocument.unsent': { $exists: false } },
        { 'ns.coll': 'messages', operationType: 'update', 'updateDescription.removedFields': 'unsent' },
        { 'ns.coll': 'deliveries', operationType: { $in: ['insert', 'update'] } },
      ],
    },
  },
  {
    $project: {
      clusterTime: 1,
      what: { $concat: ['$ns.coll', ' ', '$operationType'] },
      key: '$documentKey._id',
      updated: '$updateDescription.updatedFields',
      document: {
        messageId: '$fullDocument.messageId',
        topicId: '$fullDocument.topicId',
        subscriptionId: '$fullDocument.subscriptionId',
        ownerId: '$fullDocument.ownerId',
        partnerId: '$fullDocument.partnerId',
        type: '$fullDocument.type',
        acceptedAt: '$fullDocument.acceptedAt',
        createdAt: '$fullDocument.createdAt',
        audience: '$fullDocument.audience',
        state: '$fullDocument.state',
        reason: '$fullDocument.reason',
        nextAttemptAt: '$fullDocument.nextAttemptAt',
        finishedAt: '$fullDocument.finishedAt',
        attempts: {
          $map: {
            input: '$fullDocument.attempts',
            as: 'one',
            in: {
              n: '$$one.n',
              at: '$$one.at',
              durationMs: '$$one.durationMs',
              status: '$$one.status',
              errorClass: '$$one.errorClass',
            },
          },
        },
      },
    },
  },
];

/** @throws ZodError for what is not of the pipeline above */
export function parseChange(document: Document): RawChange {
  const { attempts } = document.document ?? {};
  // `$map` over what is not there is null.
  return change.parse(
    attempts === null ? { ...document, document: { ...document.document, attempts: undefined } } : document,
  );
}

export function toMessageFacts(id: string, document: z.output<typeof messageDocument>): MessageFacts {
  return {
    id: id as MessageId,
    topicId: document.topicId as TopicId,
    ownerId: document.ownerId as PartnerId,
    type: document.type,
    acceptedAtMs: document.acceptedAt.getTime(),
    audience: document.audience as PartnerId[] | undefined,
  };
}

/** What an update does not say of a message. */
export const MESSAGE_FACTS_PROJECTION = {
  topicId: 1,
  ownerId: 1,
  type: 1,
  acceptedAt: 1,
  audience: 1,
} as const;

/** What an update does not say of a delivery. */
export const ORIGIN_PROJECTION = {
  messageId: 1,
  topicId: 1,
  subscriptionId: 1,
  ownerId: 1,
  partnerId: 1,
  type: 1,
  acceptedAt: 1,
  createdAt: 1,
} as const;

export function toDeliveryFacts(id: string, document: z.output<typeof origin>): DeliveryFacts {
  return {
    id: id as DeliveryId,
    messageId: document.messageId as MessageId,
    topicId: document.topicId as TopicId,
    subscriptionId: document.subscriptionId as SubscriptionId,
    ownerId: document.ownerId as PartnerId,
    partnerId: document.partnerId as PartnerId,
    type: document.type,
    acceptedAtMs: document.acceptedAt.getTime(),
    createdAtMs: document.createdAt.getTime(),
  };
}

export function toAttemptFacts(of: z.output<typeof attempt>): AttemptFacts {
  return {
    n: of.n,
    atMs: of.at.getTime(),
    durationMs: of.durationMs,
    status: of.status ?? undefined,
    errorClass: of.errorClass ?? undefined,
  };
}

export function toStateFacts(of: z.output<typeof status>): StateFacts {
  return {
    state: of.state,
    reason: of.reason,
    nextAttemptAtMs: of.nextAttemptAt?.getTime(),
    finishedAtMs: of.finishedAt?.getTime(),
  };
}

/** An update names an attempt by its place in the list, or the whole list where it was made anew. */
export function attemptsIn(updated: Readonly<Record<string, unknown>>): AttemptFacts[] {
  return Object.entries(updated).flatMap(([path, value]): AttemptFacts[] => {
    const one = /^attempts\.\d+$/.test(path)
      ? value
      : path === 'attempts' && Array.isArray(value)
        ? value.at(-1)
        : undefined;
    return one === undefined ? [] : [toAttemptFacts(attempt.parse(one))];
  });
}

/** Undefined: the state is what it was. */
export function stateIn(updated: Readonly<Record<string, unknown>>): StateFacts | undefined {
  return 'state' in updated ? toStateFacts(status.parse(updated)) : undefined;
}
