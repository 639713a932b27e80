import { deliverJobV1, sealedMessageV1 } from '@anika/contracts/jobs';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { createSecretBox, deriveKeys } from '@anika/runtime/secret-box';

/** One generation of a delivery that is to be made. */
export type DeliverJob = {
  readonly deliveryId: DeliveryId;
  readonly messageId: MessageId;
  readonly subscriptionId: SubscriptionId;
  readonly g: number;
  readonly dueMs?: number | undefined;
  readonly fresh?: true | undefined;
  /** BullMQ's: after those without one, the lower the sooner. Not part of what is stored in the job. */
  readonly priority?: number | undefined;
  /** Travels sealed with a fresh job, where it is small, and saves the dispatcher looking it up. */
  readonly message?: Message | undefined;
};

export type JobSeal = {
  /** The job as it is stored in Redis, which learns its ids and nothing else. */
  seal(job: DeliverJob): Record<string, unknown>;
  /** The job, if ANIKA has made it; undefined for anything else. */
  open(data: unknown): DeliverJob | undefined;
};

/** A larger message is looked up where it is stored: Redis keeps its memory for work. */
export const SEALED_TEXT_MAX = 8192;

/**
 * Jobs are sealed with AES-256-GCM under keys that Redis never sees, derived from the installation's own. What names
 * the delivery is bound to the seal: a job that somebody else has put together, or has put together anew out of two,
 * does not open.
 */
export function createJobSeal(secretKeys: ReadonlyMap<string, Buffer>): JobSeal {
  const box = createSecretBox(deriveKeys(secretKeys, 'anika/jobs/1'));
  return {
    seal(job) {
      const { deliveryId, messageId, subscriptionId, g, dueMs, fresh } = job;
      return {
        v: 1,
        deliveryId,
        messageId,
        subscriptionId,
        g,
        ...(dueMs !== undefined && { dueMs }),
        ...(fresh && { fresh }),
        seal: box.seal(contentOf(job), contextOf(job)),
      };
    },
    open(data) {
      const parsed = deliverJobV1.safeParse(data);
      if (!parsed.success) return undefined;
      const { v: _, seal, ...job } = parsed.data;
      try {
        return { ...job, message: messageOf(job.messageId, box.open(seal, contextOf(job))) };
      } catch {
        return undefined; // whatever is wrong with it, it is none of ours
      }
    },
  };
}

function contextOf({ deliveryId, messageId, subscriptionId, g, fresh }: DeliverJob): string {
  return `${deliveryId}\n${messageId}\n${subscriptionId}\n${g}\n${fresh ? 'fresh' : ''}`;
}

function contentOf({ message }: DeliverJob): string {
  if (message === undefined || message.dataText.length > SEALED_TEXT_MAX) return '';
  const { topicId, ownerId, type, key = null, acceptedAtMs, audience = null, order = null } = message;
  const { dataText, requestId = null } = message;
  return JSON.stringify([topicId, ownerId, type, key, acceptedAtMs, audience, order, dataText, requestId]);
}

function messageOf(id: MessageId, content: string): Message | undefined {
  if (content === '') return undefined;
  const parsed = sealedMessageV1.parse(JSON.parse(content));
  const [topicId, ownerId, type, key, acceptedAtMs, audience, order, dataText, requestId] = parsed;
  return {
    id,
    topicId,
    ownerId,
    type,
    key: key ?? undefined,
    dataText,
    acceptedAtMs,
    audience: audience ?? undefined,
    order: order ?? undefined,
    requestId: requestId ?? undefined,
  };
}
