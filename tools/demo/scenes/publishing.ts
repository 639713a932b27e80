import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { type Choice, choiceNumber, MARIA, withoutPhone } from '../choices.ts';
import type { Client } from '../client.ts';
import { type Arrival, type Endpoint, isGenuine } from '../endpoints.ts';
import { accepted, type Cast, type Stage } from '../stage.ts';
import { until } from '../until.ts';
import type { Subscription } from './subscription.ts';

const newKey = z.object({ id: z.string(), key: z.string() });
const STREAM = 100;
const ARRIVAL_TIMEOUT_MS = 15_000;

export interface Publisher {
  /** @returns the message's id */
  publish(data: Choice): Promise<string>;
  /** The API with the key. */
  readonly client: Client;
  readonly path: string;
}

/** The dealer's backend publishes with an API key that may do nothing else. */
export async function makePublisher({ tell }: Stage, { dealer }: Cast, topicId: string): Promise<Publisher> {
  tell.does(dealer.name, 'выпускает API-ключ для своего сервера, только на публикацию', 'POST /v1/api-keys');
  const { key } = await dealer.client.ask('POST /v1/api-keys', newKey, {
    body: { name: 'Сервер салона', scopes: ['publish'] },
  });
  tell.holds(`ключ показан один раз: ${key.slice(0, 8)}…`);
  const client = dealer.client.as(key);
  await client.refused('GET /v1/messages', 403);
  tell.holds('читать этим ключом нельзя (403)');
  const path = `/v1/topics/${topicId}/messages`;
  const publish = async (data: Choice) => {
    const { id } = await client.ask(`POST ${path}`, accepted, { body: { type: 'car.chosen', data } });
    return id;
  };
  return { publish, client, path };
}

export async function deliverSigned(
  stage: Stage,
  publisher: Publisher,
  bank: Subscription,
): Promise<Arrival> {
  const { tell } = stage;
  tell.does(
    'Сервер салона',
    `публикует выбор клиента (${MARIA.customer.name}, ${MARIA.car.model})`,
    `POST ${publisher.path}`,
  );
  const { arrival, tookMs } = await publishAndWait(stage, publisher, {
    data: MARIA,
    endpoint: bank.endpoint,
  });
  tell.holds(`вебхук у банка через ${milliseconds(tookMs)} после начала публикации`);
  checkEqual('сервер банка признал подпись', arrival.status, 204);
  tell.holds('подпись проверена сторонней библиотекой standardwebhooks');
  const forged = arrival.rawBody.replace('1749000', '1000');
  check('тело изменено', forged !== arrival.rawBody, { expected: 'цена в теле', came: arrival.rawBody });
  const webhook = new Webhook(bank.secret);
  checkEqual('подделанное тело не проходит проверку', isGenuine(webhook, forged, arrival.headers), false);
  tell.holds('то же сообщение с подменённой ценой проверку не проходит');
  const came = JSON.stringify(arrival.data);
  checkEqual('пришло всё, кроме телефона, в том же порядке', came, JSON.stringify(withoutPhone(MARIA)));
  tell.note(`пришло: ${came}`);
  tell.holds('телефон клиента до банка не дошёл, остальное – в точности как опубликовано');
  return arrival;
}

/** A stream of customers, one after the other: what the delay is when nothing is cold any more. */
export async function measureStream(stage: Stage, publisher: Publisher, bank: Subscription): Promise<void> {
  const times: number[] = [];
  const before = bank.endpoint.arrivals.length;
  stage.tell.does('Сервер салона', `публикует ещё ${STREAM} сообщений, одно за другим`);
  for (let n = 0; n < STREAM; n += 1) {
    const sent = { data: choiceNumber(n), endpoint: bank.endpoint };
    times.push((await publishAndWait(stage, publisher, sent)).tookMs);
  }
  checkEqual('каждое пришло один раз', bank.endpoint.arrivals.length - before, STREAM);
  const sorted = times.toSorted((a, b) => a - b);
  const [median, worst] = [sorted[STREAM / 2] ?? 0, sorted.at(-1) ?? 0];
  stage.tell.holds(
    `все ${STREAM} дошли, каждое один раз; от публикации до банка: медиана ${milliseconds(median)}, худшее ${milliseconds(worst)}`,
  );
}

async function publishAndWait(
  { signal }: Stage,
  publisher: Publisher,
  { data, endpoint }: { data: Choice; endpoint: Endpoint },
): Promise<{ arrival: Arrival; tookMs: number }> {
  const sentAtMs = performance.now();
  const id = await publisher.publish(data);
  const arrival = await arrived(endpoint, id, signal);
  return { arrival, tookMs: arrival.atMs - sentAtMs };
}

/** The first arrival of a message. */
export function arrived(endpoint: Endpoint, id: string, signal: AbortSignal): Promise<Arrival> {
  const look = () => endpoint.arrivals.find((arrival) => arrival.id === id);
  return until('вебхук пришёл', look, { timeoutMs: ARRIVAL_TIMEOUT_MS, everyMs: 2, signal });
}

/** A publisher that did not hear the answer may simply ask again. */
export async function repeatSafely(stage: Stage, publisher: Publisher, bank: Subscription): Promise<void> {
  const { tell } = stage;
  const request = `POST ${publisher.path}`;
  const headers = { 'idempotency-key': 'order-4711' };
  const body = { type: 'car.chosen', data: choiceNumber(40) };
  tell.does('Сервер салона', 'публикует с Idempotency-Key, «теряет» ответ и повторяет запрос', request);
  const first = await publisher.client.send('POST', publisher.path, { body, headers });
  const again = await publisher.client.send('POST', publisher.path, { body, headers });
  checkEqual('первый запрос принят', first.status, 202);
  checkEqual('повтор получил первый ответ', [again.status, again.body], [first.status, first.body]);
  checkEqual('повтор отмечен', again.headers['idempotency-replayed'], 'true');
  tell.holds('повтор получил тот же ответ с тем же id и пометкой Idempotency-Replayed: true');
  const other = { ...body, data: choiceNumber(41) };
  const code = await publisher.client.refused(request, 422, { body: other, headers });
  tell.holds(`тот же ключ с другим содержанием – отказ (422 ${code})`);
  const { id } = accepted.parse(first.body);
  await arrived(bank.endpoint, id, stage.signal);
  await publishAndWait(stage, publisher, { data: choiceNumber(42), endpoint: bank.endpoint });
  const copies = bank.endpoint.arrivals.filter((arrival) => arrival.id === id).length;
  checkEqual('сообщение пришло банку один раз', copies, 1);
  tell.holds('банк получил это сообщение ровно один раз');
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(1).replace('.', ',')} мс`;
}
