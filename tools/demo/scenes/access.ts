import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { anything, type Cast, ids, type Stage, withId } from '../stage.ts';

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
  tell.does(dealer.name, `создаёт топик «${name}»`, 'POST /v1/topics');
  const { id } = await dealer.client.ask('POST /v1/topics', withId, {
    body: { name, description: 'Клиент выбрал машину в салоне', visibility: 'listed' },
  });
  tell.holds(`топик создан: ${id}`);
  await bank.client.refused(`GET /v1/topics/${id}`, 403);
  await bank.client.refused('POST /v1/subscriptions', 403, {
    body: { topicId: id, url: 'https://bank.example' },
  });
  tell.holds('банк видит топик только в каталоге: ни прочитать, ни подписаться (403)');
  await dealer.client.refused('POST /v1/topics', 409, { body: { name } });
  tell.holds('второй топик с тем же именем не создать (409)');
  return id;
}

/** Two companies ask to be let in; the dealer takes one, on its own terms, and turns the other down. */
export async function letBankIn({ tell }: Stage, cast: Cast, topicId: string): Promise<void> {
  const { dealer, bank, stranger } = cast;
  const found = await bank.client.ask('GET /v1/catalog', catalog, { query: { q: 'машин' } });
  checkEqual('банк нашёл топик в каталоге', found.items, [
    { id: topicId, name: 'Выбор машины', access: 'none' },
  ]);
  tell.does(
    bank.name,
    'находит топик в каталоге и просит доступ',
    'GET /v1/catalog?q=машин · POST …/access-requests',
  );
  const asked = await bank.client.ask(`POST /v1/topics/${topicId}/access-requests`, withId, {
    body: { purpose: 'Предложить клиенту автокредит' },
  });
  tell.does(stranger.name, 'тоже просит доступ');
  const alsoAsked = await stranger.client.ask(`POST /v1/topics/${topicId}/access-requests`, withId, {
    body: { purpose: 'Обзвонить клиентов' },
  });
  const incoming = await dealer.client.ask('GET /v1/access-requests', ids, { query: { state: 'requested' } });
  check('дилер видит обе заявки', incoming.items.length === 2, {
    expected: 'две заявки',
    came: incoming.items,
  });

  const expiresAt = new Date(Date.now() + GRANT_DAYS * 86_400_000).toISOString();
  const fields = { exclude: ['data.customer.phone'] };
  tell.does(dealer.name, 'одобряет заявку банка на своих условиях', 'POST /v1/access-requests/{id}/approve');
  const approved = await dealer.client.ask(
    `POST /v1/access-requests/${asked.id}/approve`,
    z.object({ state: z.string(), grant }),
    { body: { expiresAt, fields } },
  );
  checkEqual('разрешение банка действует', approved.grant, {
    state: 'active',
    expiresAt,
    fields,
    partnerId: bank.id,
  });
  tell.holds(`банк допущен до ${day(expiresAt)}, телефон клиента (data.customer.phone) скрыт от него`);
  await dealer.client.ask(`POST /v1/access-requests/${alsoAsked.id}/refuse`, anything, {
    body: { reason: 'Клиенты не давали согласия на обзвон' },
  });
  tell.holds(`«${stranger.name}» получила отказ с причиной`);
  await bank.client.ask(`GET /v1/topics/${topicId}`, withId);
  await stranger.client.refused(`GET /v1/topics/${topicId}`, 403);
  tell.holds('банку топик теперь виден, посторонней компании по-прежнему нет (403)');
}

function day(iso: string): string {
  return new Date(iso).toLocaleDateString('ru-RU', { timeZone: 'UTC' });
}
