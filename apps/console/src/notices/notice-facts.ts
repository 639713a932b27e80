import { z } from 'zod';

/** What is null, or not there, is not known. */
const word = z.string().optional().catch(undefined);

const noticeFacts = z.object({
  byPartnerId: word,
  topicId: word,
  topicName: word,
  ownerId: word,
  ownerName: word,
  readerId: word,
  readerName: word,
  requestId: word,
  subscriptionId: word,
  messageId: word,
  exampleDeliveryId: word,
  name: word,
  purpose: word,
  reason: word,
  expiresAt: word,
  failingSince: word,
  disabledAt: word,
  since: word,
  count: z.number().optional().catch(undefined),
});

/** What the page reads of the data of a notice. */
export type NoticeFacts = z.output<typeof noticeFacts>;

export function noticeFactsOf(data: Readonly<Record<string, unknown>>): NoticeFacts {
  return noticeFacts.parse(data);
}
