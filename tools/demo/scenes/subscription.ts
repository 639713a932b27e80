import { randomBytes } from 'node:crypto';
import { createSubscription } from '@anika/contracts/subscriptions';
import { checkEqual } from '../check.ts';
import type { Endpoint } from '../endpoints.ts';
import type { Cast, Company, Stage } from '../stage.ts';
import { TEXTS } from './subscription.texts.ts';

/** What the bank's server asks of those who call it. */
export const BANK_HEADER = 'authorization';

export interface Subscription {
  readonly id: string;
  readonly secret: string;
  readonly endpoint: Endpoint;
}

/** Subscribes a server of the company's own; it answers the challenge and from then on checks signatures. */
export async function subscribe(
  stage: Stage,
  company: Company,
  wanted: { topicId: string; headers?: Record<string, string> },
): Promise<Subscription & { readonly headers: Readonly<Record<string, string>> | null }> {
  const endpoint = await stage.openEndpoint();
  const { id, state, secret, headers } = await company.client.ask(createSubscription, {
    body: { ...wanted, url: endpoint.url },
  });
  checkEqual(TEXTS.activeAtOnce, state, 'active');
  checkEqual(TEXTS.oneChallenge, endpoint.challenges, 1);
  endpoint.trust(secret);
  return { id, secret, endpoint, headers };
}

export interface BankSubscription extends Subscription {
  /** The value of `BANK_HEADER`. */
  readonly headerValue: string;
}

export async function subscribeBank(
  stage: Stage,
  { bank }: Cast,
  topicId: string,
): Promise<BankSubscription> {
  const { tell } = stage;
  const headerValue = `Bearer ${randomBytes(12).toString('base64url')}`;
  tell.does(bank.title, TEXTS.subscribes, 'POST /v1/subscriptions');
  const subscription = await subscribe(stage, bank, { topicId, headers: { [BANK_HEADER]: headerValue } });
  tell.note(TEXTS.listens(subscription.endpoint.url));
  tell.holds(TEXTS.confirmed);
  tell.holds(TEXTS.secretGiven(subscription.secret.slice(0, 10)));
  checkEqual(TEXTS.headerHidden(BANK_HEADER), subscription.headers, { [BANK_HEADER]: '***' });
  tell.holds(TEXTS.headerHidden(BANK_HEADER));
  return { ...subscription, headerValue };
}

const FORBIDDEN = [
  'http://169.254.169.254/latest/meta-data/',
  'http://[::ffff:169.254.169.254]/',
  'https://10.0.0.5/hook',
  'file:///etc/passwd',
];

/** Nobody may use the broker to look into its own network. */
export async function refuseInnerAddresses({ tell }: Stage, { bank }: Cast, topicId: string): Promise<void> {
  tell.does(bank.title, TEXTS.triesInside, 'POST /v1/subscriptions');
  for (const url of FORBIDDEN) {
    const code = await bank.client.refused(createSubscription, 422, { body: { topicId, url } });
    tell.holds(TEXTS.addressRefused(url, code));
  }
}
