import { z } from 'zod';
import { day } from '../../language.ts';
import { check, checkEqual } from '../check.ts';
import { anything, type Cast, ids, type Stage, withId } from '../stage.ts';
import { TEXTS } from './access.texts.ts';

const catalog = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), access: z.string() })),
});
const grant = z.object({
  state: z.string(),
  expiresAt: z.string().nullable(),
  fields: z.unknown(),
  partnerId: z.string(),
});
const GRANT_DAYS = 90;

/** The dealer opens its topic; until it lets somebody in, nobody else has it. */
export async function openTopic({ tell }: Stage, { dealer, bank }: Cast): Promise<string> {
  const name = 'Выбор машины';
  tell.does(dealer.title, TEXTS.createsTopic(TEXTS.topicName), 'POST /v1/topics');
  const { id } = await dealer.client.ask('POST /v1/topics', withId, {
    body: { name, description: 'Клиент выбрал машину в салоне', visibility: 'listed' },
  });
  tell.holds(TEXTS.topicIsMade(id));
  await bank.client.refused(`GET /v1/topics/${id}`, 403);
  await bank.client.refused('POST /v1/subscriptions', 403, {
    body: { topicId: id, url: 'https://bank.example' },
  });
  tell.holds(TEXTS.onlyInCatalog);
  await dealer.client.refused('POST /v1/topics', 409, { body: { name } });
  tell.holds(TEXTS.nameIsTaken);
  return id;
}

/** Two companies ask to be let in; the dealer takes one, on its own terms, and turns the other down. */
export async function letBankIn({ tell }: Stage, cast: Cast, topicId: string): Promise<void> {
  const { dealer, bank, stranger } = cast;
  const found = await bank.client.ask('GET /v1/catalog', catalog, { query: { q: 'машин' } });
  checkEqual(TEXTS.bankFound, found.items, [{ id: topicId, name: 'Выбор машины', access: 'none' }]);
  tell.does(bank.title, TEXTS.findsAndAsks, 'GET /v1/catalog?q=машин · POST …/access-requests');
  const asked = await bank.client.ask(`POST /v1/topics/${topicId}/access-requests`, withId, {
    body: { purpose: 'Предложить клиенту автокредит' },
  });
  tell.does(stranger.title, TEXTS.asksToo);
  const alsoAsked = await stranger.client.ask(`POST /v1/topics/${topicId}/access-requests`, withId, {
    body: { purpose: 'Обзвонить клиентов' },
  });
  const incoming = await dealer.client.ask('GET /v1/access-requests', ids, { query: { state: 'requested' } });
  check(TEXTS.dealerSeesBoth, incoming.items.length === 2, {
    expected: TEXTS.twoRequests,
    came: incoming.items,
  });

  const expiresAt = new Date(Date.now() + GRANT_DAYS * 86_400_000).toISOString();
  const fields = { exclude: ['data.customer.phone'] };
  tell.does(dealer.title, TEXTS.approves, 'POST /v1/access-requests/{id}/approve');
  const approved = await dealer.client.ask(
    `POST /v1/access-requests/${asked.id}/approve`,
    z.object({ state: z.string(), grant }),
    { body: { expiresAt, fields } },
  );
  checkEqual(TEXTS.grantIsActive, approved.grant, {
    state: 'active',
    expiresAt,
    fields,
    partnerId: bank.id,
  });
  tell.holds(TEXTS.bankIsIn(day(expiresAt)));
  await dealer.client.ask(`POST /v1/access-requests/${alsoAsked.id}/refuse`, anything, {
    body: { reason: 'Клиенты не давали согласия на обзвон' },
  });
  tell.holds(TEXTS.othersRefused(stranger.title));
  await bank.client.ask(`GET /v1/topics/${topicId}`, withId);
  await stranger.client.refused(`GET /v1/topics/${topicId}`, 403);
  tell.holds(TEXTS.onlyBankSees);
}
