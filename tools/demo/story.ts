import type { Operator } from '../secrets.ts';
import { NotHeld } from './check.ts';
import { createClient } from './client.ts';
import { type Endpoint, openEndpoint } from './endpoints.ts';
import type { Printer } from './print.ts';
import { letBankIn, openTopic } from './scenes/access.ts';
import { findInBoard } from './scenes/board.ts';
import { meetCompanies } from './scenes/companies.ts';
import { compareReceipts, verifyAudit } from './scenes/proof.ts';
import { deliverSigned, makePublisher, measureStream, repeatSafely } from './scenes/publishing.ts';
import { renew, revoke } from './scenes/revocation.ts';
import { search, showNothingToStranger } from './scenes/search.ts';
import { refuseInnerAddresses, subscribeBank } from './scenes/subscription.ts';
import { buryDead, pauseAndResume, redrive, retryFlaky } from './scenes/troubles.ts';
import type { Stage } from './stage.ts';
import type { SceneResult } from './summary.ts';

export interface StoryOptions {
  readonly api: string;
  readonly operator: Operator;
  readonly tell: Printer;
  readonly signal: AbortSignal;
}

/** Plays all scenes in order, up to the first one that does not hold. */
export async function playStory(options: StoryOptions): Promise<readonly SceneResult[]> {
  const { api, tell, signal } = options;
  const results: SceneResult[] = [];
  const endpoints: Endpoint[] = [];
  const stage: Stage = {
    tell,
    signal,
    api: createClient({ url: api, signal }),
    async openEndpoint() {
      const endpoint = await openEndpoint();
      endpoints.push(endpoint);
      return endpoint;
    },
  };
  try {
    await play(stage, options, createScenes(tell, results));
  } catch (error) {
    if (!(error instanceof NotHeld)) throw error;
    tell.fails(error.message, error);
  } finally {
    for (const endpoint of endpoints) await endpoint.shutDown();
  }
  return results;
}

type RunScene = <T>(title: string, work: () => Promise<T>) => Promise<T>;

function createScenes(tell: Printer, results: SceneResult[]): RunScene {
  return async (title, work) => {
    tell.scene(results.length + 1, title);
    const startedAt = performance.now();
    const note = (held: boolean) => results.push({ title, held, ms: performance.now() - startedAt });
    try {
      const outcome = await work();
      note(true);
      return outcome;
    } catch (error) {
      note(false);
      throw error;
    }
  };
}

async function play(stage: Stage, { api, operator }: StoryOptions, scene: RunScene): Promise<void> {
  const cast = await scene('Знакомство: оператор и три компании', () => meetCompanies(stage, operator));
  const topicId = await scene('Топик дилера', () => openTopic(stage, cast));
  await scene('Доступ: заявка, условия, отказ', () => letBankIn(stage, cast, topicId));
  const bank = await scene('Подписка банка', () => subscribeBank(stage, cast, topicId));
  await scene('Запретные адреса', () => refuseInnerAddresses(stage, cast, topicId));
  const publisher = await scene('API-ключ', () => makePublisher(stage, cast, topicId));
  const arrival = await scene('Подписанный вебхук', () => deliverSigned(stage, publisher, bank));
  await scene('Скорость', () => measureStream(stage, publisher, bank));
  await scene('Безопасный повтор', () => repeatSafely(stage, publisher, bank));
  const sides = { publisher, bank };
  await scene('Сбоящий получатель', () => retryFlaky(stage, cast, sides));
  const ids = await scene('Недоступный получатель', () => buryDead(stage, cast, sides));
  await scene('Очередь dead-letter в Bull Board', () => findInBoard(stage, { api, operator, ids }));
  await scene('Повторная отправка', () => redrive(stage, cast, { bank, ids }));
  await scene('Пауза без потерь', () => pauseAndResume(stage, cast, sides));
  await scene('Поиск', () => search(stage, cast, topicId));
  await scene('Посторонний', () =>
    showNothingToStranger(stage, cast, { topicId, messageId: arrival.id, bank }),
  );
  await scene('Сверка сторон', () => compareReceipts(stage, cast, { topicId, arrival }));
  await scene('Журнал', () => verifyAudit(stage, cast, topicId));
  const relation = { topicId, publisher, subscription: bank };
  const waiting = await scene('Отзыв доступа', () => revoke(stage, cast, relation));
  await scene('Новый срок', () => renew(stage, cast, { ...relation, waiting }));
}
