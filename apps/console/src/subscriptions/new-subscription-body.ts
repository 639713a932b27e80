import type { createSubscription } from '@anika/contracts/subscriptions';
import { NOTICES, type NoticeType } from '@anika/core/notice/notice';
import type { DeliveryType, Format, Signature } from '@anika/core/subscription';
import type { z } from 'zod';
import { wordsIn } from '../filters/words-in.ts';
import { readJsonObject } from '../ui/json-object.ts';

type Body = z.input<NonNullable<typeof createSubscription.body>>;

/** What stands in the fields of a new subscription. */
export type EnteredSubscription = {
  readonly topicId: string;
  readonly delivery: DeliveryType;
  readonly url: string;
  readonly description: string;
  readonly types: string;
  readonly notices: readonly NoticeType[];
  readonly filter: string;
  readonly startFrom: string;
  readonly secret: string;
  readonly verify: boolean;
  readonly format: Format;
  readonly signature: Signature;
};

export const NOTHING_ENTERED: EnteredSubscription = {
  topicId: '',
  delivery: 'webhook',
  url: '',
  description: '',
  types: '',
  notices: [],
  filter: '',
  startFrom: '',
  secret: '',
  verify: true,
  format: 'anika',
  signature: 'hmac',
};

/** What of it the browser may keep: not the secret, nor what an address may carry of one. */
export function withoutSecrets(entered: EnteredSubscription): EnteredSubscription {
  return { ...entered, secret: '', url: entered.url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//') };
}

/** As the API takes it; undefined where the filter is no JSON object. What is the API's own default is left to it. */
export function bodyOf(entered: EnteredSubscription): Body | undefined {
  const filter = readJsonObject(entered.filter);
  if (filter === undefined) return undefined;
  const { topicId, delivery, url, description, startFrom, secret, verify, format, signature } = entered;
  return {
    topicId,
    eventTypes: topicId === NOTICES ? [...entered.notices] : wordsIn(entered.types),
    ...(filter !== null && { filter }),
    ...(description !== '' && { description }),
    ...(startFrom !== '' && { startFrom }),
    ...(secret !== '' && signature === 'hmac' && { secret }),
    ...(format !== NOTHING_ENTERED.format && { format }),
    ...(signature !== NOTHING_ENTERED.signature && { signature }),
    ...(delivery === 'pull' ? { delivery: { type: delivery } } : { url, ...(!verify && { verify }) }),
  };
}
