import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import { anything, attempts, type Cast, deliveries, type Stage } from '../stage.ts';
import { until } from '../until.ts';
import type { Publisher } from './publishing.ts';
import type { Subscription } from './subscription.ts';

const TIMEOUT_MS = 30_000;
const RETRY_AFTER_SECONDS = 2;

/** The bank's server is overloaded, then broken, then well: the message waits for it. */
export async function retryFlaky(stage: Stage, cast: Cast, { publisher, bank }: Sides): Promise<void> {
  const { tell } = stage;
  const { endpoint } = bank;
  const replies = [{ status: 503, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } }, { status: 500 }];
  endpoint.behave((before) => replies[before] ?? { status: 204 });
  tell.note(`сервер банка перегружен: ответит 503 с Retry-After: ${RETRY_AFTER_SECONDS}, потом 500`);
  tell.does('Сервер салона', 'публикует сообщение');
  const id = await publisher.publish(choiceNumber(50));
  for (let n = 0; n < 3; n += 1) {
    const look = () => arrivalsOf(bank, id)[n];
    const arrival = await until(`попытка ${n + 1} была`, look, {
      timeoutMs: TIMEOUT_MS,
      signal: stage.signal,
    });
    const before = arrivalsOf(bank, id)[n - 1];
    const waited = before ? `, через ${seconds(arrival.atMs - before.atMs)} после прошлой` : '';
    tell.note(`попытка ${arrival.attempt}: ответ ${arrival.status}${waited}`);
  }
  const [first, second] = arrivalsOf(bank, id);
  const waitedMs = (second?.atMs ?? 0) - (first?.atMs ?? 0);
  check('Retry-After соблюдён', waitedMs >= RETRY_AFTER_SECONDS * 1000 - 20, {
    expected: `не раньше чем через ${RETRY_AFTER_SECONDS} с`,
    came: seconds(waitedMs),
  });
  tell.holds(
    `Retry-After соблюдён: вторая попытка через ${seconds(waitedMs)}, хотя по расписанию – через 1 с`,
  );
  const { id: deliveryId } = await settled(stage, cast, { messageId: id, state: 'delivered' });
  const seen = await cast.bank.client.ask(`GET /v1/deliveries/${deliveryId}`, attempts);
  checkEqual(
    'все попытки записаны',
    seen.attempts.map((attempt) => attempt.status),
    [503, 500, 204],
  );
  tell.holds('доставлено с третьей попытки; все три записаны и видны банку: 503, 500, 204');
  endpoint.behave(() => ({ status: 204 }));
}

export interface Sides {
  readonly publisher: Publisher;
  readonly bank: Subscription;
}

/** The bank's server is down for longer than the schedule lasts. @returns the ids of the lost messages */
export async function buryDead(
  stage: Stage,
  cast: Cast,
  { publisher, bank }: Sides,
): Promise<readonly string[]> {
  const { tell } = stage;
  await bank.endpoint.shutDown();
  tell.note('сервер банка выключен: соединения никто не принимает');
  tell.does('Сервер салона', 'публикует два сообщения – их по-прежнему принимают (202)');
  const ids = [await publisher.publish(choiceNumber(60)), await publisher.publish(choiceNumber(61))];
  tell.note('попытки идут по расписанию демонстрации: 0 с, 1 с, 1 с, 2 с (обычно: 0 с, 5 с, 5 мин … 10 ч)');
  for (const messageId of ids) {
    const dead = await settled(stage, cast, { messageId, state: 'dead' });
    checkEqual('причина названа', dead.reason, 'attempts-exhausted');
    const { attempts: made } = await cast.bank.client.ask(`GET /v1/deliveries/${dead.id}`, attempts);
    checkEqual('сделаны все попытки', made.length, 4);
    const causes = [...new Set(made.map((attempt) => attempt.errorClass))].join(', ');
    tell.holds(`доставка ${dead.id}: dead после ${made.length} попыток (${dead.reason}; ${causes})`);
  }
  return ids;
}

const redriven = z.object({ redriven: z.number() });

/** The server is back: the bank itself asks for what it missed. */
export async function redrive(
  stage: Stage,
  cast: Cast,
  { bank, ids }: { bank: Subscription; ids: readonly string[] },
) {
  const { tell } = stage;
  await bank.endpoint.start();
  tell.note('сервер банка починен и снова слушает тот же адрес');
  tell.does(cast.bank.name, 'просит прислать недоставленное', 'POST /v1/subscriptions/{id}/redrive');
  const answer = await cast.bank.client.ask(`POST /v1/subscriptions/${bank.id}/redrive`, redriven);
  checkEqual('в работу возвращены обе доставки', answer.redriven, ids.length);
  for (const messageId of ids) await settled(stage, cast, { messageId, state: 'delivered' });
  const arrivals = ids.map((id) => arrivalsOf(bank, id).map((arrival) => arrival.status));
  checkEqual(
    'банк получил каждое по одному разу',
    arrivals,
    ids.map(() => [204]),
  );
  tell.holds('оба сообщения у банка, с прежними webhook-id и верной подписью; ничего не потеряно');
}

const HELD = 5;

export async function pauseAndResume(stage: Stage, cast: Cast, { publisher, bank }: Sides): Promise<void> {
  const { tell } = stage;
  const { client, name } = cast.bank;
  tell.does(
    name,
    'ставит подписку на паузу: у банка регламентные работы',
    'POST /v1/subscriptions/{id}/pause',
  );
  await client.ask(`POST /v1/subscriptions/${bank.id}/pause`, anything);
  const before = bank.endpoint.arrivals.length;
  const published: string[] = [];
  for (let n = 0; n < HELD; n += 1) published.push(await publisher.publish(choiceNumber(70 + n)));
  const query = { subscriptionId: bank.id, state: 'held' };
  await until(
    'сообщения ждут',
    async () => {
      const { items } = await client.ask('GET /v1/deliveries', deliveries, { query });
      return items.length === HELD ? items : undefined;
    },
    { timeoutMs: TIMEOUT_MS, signal: stage.signal },
  );
  checkEqual('во время паузы банку ничего не пришло', bank.endpoint.arrivals.length, before);
  tell.holds(`опубликовано ${HELD} сообщений: все ждут (held), на сервер банка не пришло ни одного`);
  tell.does(name, 'снимает паузу', 'POST /v1/subscriptions/{id}/resume');
  await client.ask(`POST /v1/subscriptions/${bank.id}/resume`, anything);
  const came = () => bank.endpoint.arrivals.slice(before).map((arrival) => arrival.id);
  const look = () => (came().length >= HELD ? came() : undefined);
  const order = await until('ждавшие пришли', look, { timeoutMs: TIMEOUT_MS, signal: stage.signal });
  checkEqual('пришли все и в том порядке, в каком были опубликованы', order, published);
  tell.holds(`пришли все ${HELD}, в том порядке, в каком были опубликованы`);
}

/** Waits until the bank's delivery of a message has come to that state. */
async function settled(stage: Stage, cast: Cast, wanted: { messageId: string; state: string }) {
  const { messageId, state } = wanted;
  return until(
    `доставка стала ${state}`,
    async () => {
      const { items } = await cast.bank.client.ask(`GET /v1/messages/${messageId}/deliveries`, deliveries);
      return items.find((delivery) => delivery.state === state);
    },
    { timeoutMs: TIMEOUT_MS, signal: stage.signal },
  );
}

function arrivalsOf(bank: Subscription, id: string) {
  return bank.endpoint.arrivals.filter((arrival) => arrival.id === id);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).replace('.', ',')} с`;
}
