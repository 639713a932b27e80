import { searchMessages } from '@anika/contracts/messages';
import { createApiKey } from '@anika/contracts/partners';
import { publishMessage } from '@anika/contracts/publish';
import { Webhook } from 'standardwebhooks';
import { check, checkEqual } from '../check.ts';
import { type Choice, choiceNumber, MARIA, MARIA_IN_WORDS, withoutPhone } from '../choices.ts';
import type { Client } from '../client.ts';
import { type Arrival, type Endpoint, isGenuine } from '../endpoints.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { TEXTS } from './publishing.texts.ts';
import { BANK_HEADER, type BankSubscription, type Subscription } from './subscription.ts';

const STREAM = 100;
const ARRIVAL_TIMEOUT_MS = 15_000;

export interface Publisher {
  /** @returns the message's id */
  publish(data: Choice): Promise<string>;
  /** The API with the key. */
  readonly client: Client;
  readonly topicId: string;
}

/** The dealer's backend publishes with an API key that may do nothing else. */
export async function makePublisher({ tell }: Stage, { dealer }: Cast, topicId: string): Promise<Publisher> {
  tell.does(dealer.title, TEXTS.makesKey, 'POST /v1/api-keys');
  const { key } = await dealer.client.ask(createApiKey, {
    body: { name: 'Сервер салона', scopes: ['publish'] },
  });
  tell.holds(TEXTS.keyShown(key.slice(0, 8)));
  const client = dealer.client.as(key);
  await client.refused(searchMessages, 403);
  tell.holds(TEXTS.keyCannotRead);
  const publish = async (data: Choice) => {
    const { id } = await client.ask(publishMessage, {
      params: { id: topicId },
      body: { type: 'car.chosen', data },
    });
    return id;
  };
  return { publish, client, topicId };
}

export async function deliverSigned(
  stage: Stage,
  publisher: Publisher,
  bank: BankSubscription,
): Promise<Arrival> {
  const { tell } = stage;
  tell.does(WHO.dealersServer, TEXTS.publishesChoice(MARIA_IN_WORDS), 'POST /v1/topics/{id}/messages');
  const { arrival, tookMs } = await publishAndWait(stage, publisher, {
    data: MARIA,
    endpoint: bank.endpoint,
  });
  tell.holds(TEXTS.arrivedAfter(tookMs));
  checkEqual(TEXTS.signatureTaken, arrival.status, 204);
  tell.holds(TEXTS.outsideLibrary);
  const forged = arrival.rawBody.replace('1749000', '1000');
  check(TEXTS.bodyChanged, forged !== arrival.rawBody, {
    expected: TEXTS.priceInBody,
    came: arrival.rawBody,
  });
  checkEqual(TEXTS.forgedRefused, isGenuine(new Webhook(bank.secret), forged, arrival.headers), false);
  tell.holds(TEXTS.forgedRefused);
  const came = JSON.stringify(arrival.data);
  checkEqual(TEXTS.asPublished, came, JSON.stringify(withoutPhone(MARIA)));
  tell.note(TEXTS.came(came));
  tell.holds(TEXTS.phoneHidden);
  checkEqual(TEXTS.headerCame(BANK_HEADER), arrival.headers[BANK_HEADER], bank.headerValue);
  tell.holds(TEXTS.headerCame(BANK_HEADER));
  return arrival;
}

/** A stream of customers, one after the other: what the delay is when nothing is cold any more. */
export async function measureStream(stage: Stage, publisher: Publisher, bank: Subscription): Promise<void> {
  const times: number[] = [];
  const before = bank.endpoint.arrivals.length;
  stage.tell.does(WHO.dealersServer, TEXTS.publishesMore(STREAM));
  for (let n = 0; n < STREAM; n += 1) {
    const sent = { data: choiceNumber(n), endpoint: bank.endpoint };
    times.push((await publishAndWait(stage, publisher, sent)).tookMs);
  }
  checkEqual(TEXTS.eachOnce, bank.endpoint.arrivals.length - before, STREAM);
  const sorted = times.toSorted((a, b) => a - b);
  const [medianMs, worstMs] = [sorted[STREAM / 2] ?? 0, sorted.at(-1) ?? 0];
  stage.tell.holds(TEXTS.allCame(STREAM, medianMs, worstMs));
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
  return until(TEXTS.webhookCame, look, { timeoutMs: ARRIVAL_TIMEOUT_MS, everyMs: 2, signal });
}

/** A publisher that did not hear the answer may simply ask again. */
export async function repeatSafely(stage: Stage, publisher: Publisher, bank: Subscription): Promise<void> {
  const { tell } = stage;
  const { client, topicId } = publisher;
  const known = { params: { id: topicId }, idempotencyKey: 'order-4711' };
  const body = { type: 'car.chosen', data: choiceNumber(40) };
  tell.does(WHO.dealersServer, TEXTS.repeats, 'POST /v1/topics/{id}/messages');
  const { id } = await client.ask(publishMessage, { ...known, body });
  const again = await client.call(publishMessage, { ...known, body });
  checkEqual(TEXTS.sameAnswer, [again.status, again.ok && again.data.id], [202, id]);
  checkEqual(TEXTS.replayMarked, again.headers.get('idempotency-replayed'), 'true');
  tell.holds(TEXTS.replayed);
  const other = { ...body, data: choiceNumber(41) };
  const code = await client.refused(publishMessage, 422, { ...known, body: other });
  tell.holds(TEXTS.otherContent(code));
  await arrived(bank.endpoint, id, stage.signal);
  await publishAndWait(stage, publisher, { data: choiceNumber(42), endpoint: bank.endpoint });
  const copies = bank.endpoint.arrivals.filter((arrival) => arrival.id === id).length;
  checkEqual(TEXTS.cameOnce, copies, 1);
  tell.holds(TEXTS.cameOnce);
}
