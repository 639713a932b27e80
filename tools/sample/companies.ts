import type { Client } from '@anika/client/client';
import { listAccessRequests, listTopicGrants, putGrant, requestAccess } from '@anika/contracts/grants';
import { createApiKey, createPartner, listPartners } from '@anika/contracts/partners';
import { createSubscription, listSubscriptions, updateSubscription } from '@anika/contracts/subscriptions';
import { createTopic, listTopics } from '@anika/contracts/topics';
import type { Scope } from '@anika/core/access';
import { ExplainedError } from '../explained-error.ts';
import { signedIn } from './ask.ts';
import type { Account, Kept } from './kept.ts';

export type Company = { readonly id: string; readonly client: Client };

const ALL = { limit: 200 };
const DAY_MS = 86_400_000;

/** Each of these finds what an earlier run has made, and makes what is missing. */

export async function companyNamed(
  api: Client,
  operator: Client,
  { name, account }: { readonly name: string; readonly account: Account },
): Promise<Company> {
  const { items } = await operator.ask(listPartners, { query: ALL });
  const known = items.find((one) => one.name === name);
  const { id } = known ?? (await operator.ask(createPartner, { body: { name, admin: account } }));
  try {
    return { id, client: await signedIn(api, account) };
  } catch (cause) {
    throw lostPassword(name, account, cause);
  }
}

/** Somebody has removed the file of an earlier run, or has changed the password. */
function lostPassword(name: string, { email }: Account, cause: unknown): ExplainedError {
  const text = {
    ru: `Не удалось войти в компанию «${name}» как ${email}: пароль не тот, что в sample.json, или включён второй фактор. Верните, как было, или начните с пустой папкой данных (ANIKA_HOME).`,
    en: `Could not sign in to the company “${name}” as ${email}: its password is not the one in sample.json, or a second factor is on. Undo that, or start with an empty data folder (ANIKA_HOME).`,
  };
  return new ExplainedError(text, { cause });
}

export async function topicNamed(
  { id, client }: Company,
  topic: { readonly name: string; readonly description: string },
): Promise<string> {
  const { items } = await client.ask(listTopics, { query: ALL });
  const known = items.find(({ name, owner }) => owner.id === id && name === topic.name);
  if (known !== undefined) return known.id;
  const body = { ...topic, visibility: 'listed' as const, retentionDays: 7 };
  return (await client.ask(createTopic, { body })).id;
}

type Terms = { readonly purpose: string; readonly days: number; readonly hidden: readonly string[] };

export async function letIn(
  { client }: Company,
  reader: Company,
  { topicId, terms }: { readonly topicId: string; readonly terms: Terms },
): Promise<void> {
  const params = { id: topicId, partnerId: reader.id };
  const { items } = await client.ask(listTopicGrants, { params: { id: topicId }, query: ALL });
  if (items.some(({ partnerId }) => partnerId === reader.id)) return;
  const { purpose, days, hidden } = terms;
  const expiresAt = new Date(Date.now() + days * DAY_MS).toISOString();
  const fields = hidden.length === 0 ? null : { exclude: [...hidden] };
  await client.ask(putGrant, { params, body: { purpose, expiresAt, fields } });
}

/** Asks once; what was decided then stays. */
export async function askFor({ client }: Company, topicId: string, purpose: string): Promise<void> {
  const { items } = await client.ask(listAccessRequests, { query: { ...ALL, direction: 'out' } });
  if (items.some((one) => one.topicId === topicId)) return;
  await client.ask(requestAccess, { params: { id: topicId }, body: { purpose } });
}

type Wanted = {
  readonly topicId: string;
  readonly description: string;
  readonly eventTypes?: readonly string[];
  /** Left out for one that pulls. */
  readonly url?: string;
};

export async function subscribed({ client }: Company, wanted: Wanted): Promise<string> {
  const { topicId, description, url, eventTypes = [] } = wanted;
  const { items } = await client.ask(listSubscriptions, { query: ALL });
  const known = items.find((one) => one.description === description);
  if (known === undefined) {
    const delivery = url === undefined ? { delivery: { type: 'pull' as const } } : { url };
    const body = { topicId, description, eventTypes: [...eventTypes], ...delivery };
    return (await client.ask(createSubscription, { body })).id;
  }
  // The port of an earlier run was taken by somebody else meanwhile.
  if (url !== undefined && known.url !== url) {
    await client.ask(updateSubscription, { params: { id: known.id }, body: { url } });
  }
  return known.id;
}

/** A key with one scope, made once. */
export async function keyFor(
  { client }: Company,
  kept: Kept,
  { name, scope }: { readonly name: string; readonly scope: Scope },
): Promise<Client> {
  kept.keys[name] ??= (await client.ask(createApiKey, { body: { name, scopes: [scope] } })).key;
  return client.as(kept.keys[name]);
}
