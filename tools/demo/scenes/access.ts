import {
  approveAccessRequest,
  listAccessRequests,
  refuseAccessRequest,
  requestAccess,
} from '@anika/contracts/grants';
import { createSubscription } from '@anika/contracts/subscriptions';
import { catalog, createTopic, getTopic } from '@anika/contracts/topics';
import { day } from '../../language.ts';
import { check, checkEqual } from '../check.ts';
import type { Cast, Stage } from '../stage.ts';
import { TEXTS } from './access.texts.ts';

const GRANT_DAYS = 90;

/** The dealer opens its topic; until it lets somebody in, nobody else has it. */
export async function openTopic({ tell }: Stage, { dealer, bank }: Cast): Promise<string> {
  const name = 'Выбор машины';
  tell.does(dealer.title, TEXTS.createsTopic(TEXTS.topicName), 'POST /v1/topics');
  const { id } = await dealer.client.ask(createTopic, {
    body: { name, description: 'Клиент выбрал машину в салоне', visibility: 'listed' },
  });
  tell.holds(TEXTS.topicIsMade(id));
  await bank.client.refused(getTopic, 403, { params: { id } });
  await bank.client.refused(createSubscription, 403, {
    body: { topicId: id, url: 'https://bank.example' },
  });
  tell.holds(TEXTS.onlyInCatalog);
  await dealer.client.refused(createTopic, 409, { body: { name } });
  tell.holds(TEXTS.nameIsTaken);
  return id;
}

/** Two companies ask to be let in; the dealer takes one, on its own terms, and turns the other down. */
export async function letBankIn({ tell }: Stage, cast: Cast, topicId: string): Promise<void> {
  const { dealer, bank, stranger } = cast;
  const found = await bank.client.ask(catalog, { query: { q: 'машин' } });
  const seen = found.items.map(({ id, name, access }) => ({ id, name, access }));
  checkEqual(TEXTS.bankFound, seen, [{ id: topicId, name: 'Выбор машины', access: 'none' }]);
  tell.does(bank.title, TEXTS.findsAndAsks, 'GET /v1/catalog?q=машин · POST …/access-requests');
  const asked = await bank.client.ask(requestAccess, {
    params: { id: topicId },
    body: { purpose: 'Предложить клиенту автокредит' },
  });
  tell.does(stranger.title, TEXTS.asksToo);
  const alsoAsked = await stranger.client.ask(requestAccess, {
    params: { id: topicId },
    body: { purpose: 'Обзвонить клиентов' },
  });
  const incoming = await dealer.client.ask(listAccessRequests, { query: { state: 'requested' } });
  check(TEXTS.dealerSeesBoth, incoming.items.length === 2, {
    expected: TEXTS.twoRequests,
    came: incoming.items,
  });

  const expiresAt = new Date(Date.now() + GRANT_DAYS * 86_400_000).toISOString();
  const fields = { exclude: ['data.customer.phone'] };
  tell.does(dealer.title, TEXTS.approves, 'POST /v1/access-requests/{id}/approve');
  const approved = await dealer.client.ask(approveAccessRequest, {
    params: { id: asked.id },
    body: { expiresAt, fields },
  });
  const { state, partnerId, ...terms } = approved.grant;
  checkEqual(
    TEXTS.grantIsActive,
    [state, partnerId, terms.expiresAt, terms.fields],
    ['active', bank.id, expiresAt, fields],
  );
  tell.holds(TEXTS.bankIsIn(day(expiresAt)));
  await dealer.client.ask(refuseAccessRequest, {
    params: { id: alsoAsked.id },
    body: { reason: 'Клиенты не давали согласия на обзвон' },
  });
  tell.holds(TEXTS.othersRefused(stranger.title));
  await bank.client.ask(getTopic, { params: { id: topicId } });
  await stranger.client.refused(getTopic, 403, { params: { id: topicId } });
  tell.holds(TEXTS.onlyBankSees);
}
