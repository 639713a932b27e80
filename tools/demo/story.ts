import type { Text } from '../language.ts';
import type { Operator } from '../secrets.ts';
import { NotHeld } from './check.ts';
import { createClient } from './client.ts';
import { type Endpoint, openEndpoint } from './endpoints.ts';
import type { Printer } from './print.ts';
import { letBankIn, openTopic } from './scenes/access.ts';
import { secureAccount } from './scenes/accounts.ts';
import { enterBoard, findInBoard } from './scenes/board.ts';
import { inviteColleague, meetCompanies } from './scenes/companies.ts';
import { forgetCustomer } from './scenes/erasure.ts';
import { compareFigures } from './scenes/figures.ts';
import { installFirst } from './scenes/installing.ts';
import { hearOfDead, watchNotices } from './scenes/notices.ts';
import { lookWithoutReading } from './scenes/operating.ts';
import { compareReceipts, verifyAudit } from './scenes/proof.ts';
import { deliverSigned, makePublisher, measureStream, repeatSafely } from './scenes/publishing.ts';
import { pullMessages } from './scenes/pulling.ts';
import { sendLater, takeBack } from './scenes/recall.ts';
import { replayLost } from './scenes/replay.ts';
import { renew, revoke } from './scenes/revocation.ts';
import { search, showNothingToStranger } from './scenes/search.ts';
import { watchStream } from './scenes/stream.ts';
import { refuseInnerAddresses, subscribeBank } from './scenes/subscription.ts';
import { buryDead, pauseAndResume, redrive, retryFlaky } from './scenes/troubles.ts';
import { explainMissing } from './scenes/why.ts';
import type { Cast, Stage } from './stage.ts';
import type { SceneResult } from './summary.ts';
import { TITLES } from './texts.ts';

export interface StoryOptions {
  readonly api: string;
  readonly operator: Operator;
  readonly tell: Printer;
  readonly signal: AbortSignal;
  /** Called when the companies are there. */
  readonly onCast?: (cast: Cast) => void;
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
    tell.fails(error);
  } finally {
    for (const endpoint of endpoints) await endpoint.shutDown();
  }
  return results;
}

type RunScene = <T>(title: Text, work: () => Promise<T>) => Promise<T>;

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

async function play(stage: Stage, { api, operator, onCast }: StoryOptions, scene: RunScene): Promise<void> {
  const cast = await scene(TITLES.companies, () => meetCompanies(stage, operator));
  onCast?.(cast);
  const colleague = await scene(TITLES.colleague, () => inviteColleague(stage, cast));
  await scene(TITLES.accounts, () => secureAccount(stage, cast, colleague));
  const topicId = await scene(TITLES.topic, () => openTopic(stage, cast));
  await scene(TITLES.access, () => letBankIn(stage, cast, topicId));
  const bank = await scene(TITLES.subscription, () => subscribeBank(stage, cast, topicId));
  await scene(TITLES.innerAddresses, () => refuseInnerAddresses(stage, cast, topicId));
  const publisher = await scene(TITLES.apiKey, () => makePublisher(stage, cast, topicId));
  const arrival = await scene(TITLES.webhook, () => deliverSigned(stage, publisher, bank));
  await scene(TITLES.speed, () => measureStream(stage, publisher, bank));
  await scene(TITLES.stream, () => watchStream(stage, cast, { topicId, publisher }));
  await scene(TITLES.repeat, () => repeatSafely(stage, publisher, bank));
  const sides = { publisher, bank };
  const board = await scene(TITLES.flaky, async () => {
    const board = await enterBoard(stage, { api, operator });
    await retryFlaky(stage, cast, { ...sides, board });
    return board;
  });
  const onCall = await scene(TITLES.notices, () => watchNotices(stage, cast));
  const ids = await scene(TITLES.dead, async () => {
    const ids = await buryDead(stage, cast, sides);
    await hearOfDead(stage, { onCall, subscriptionId: bank.id });
    return ids;
  });
  await scene(TITLES.board, () => findInBoard(stage, board, ids));
  await scene(TITLES.redrive, () => redrive(stage, cast, { bank, ids }));
  await scene(TITLES.pause, () => pauseAndResume(stage, cast, sides));
  await scene(TITLES.replay, () => replayLost(stage, cast, { subscription: bank, last: arrival }));
  await scene(TITLES.pulling, () => pullMessages(stage, cast, { publisher, topicId }));
  await scene(TITLES.installing, () => installFirst(stage, cast, { publisher, topicId }));
  await scene(TITLES.search, () => search(stage, cast, topicId));
  const asking = { topicId, publisher, subscription: bank };
  await scene(TITLES.why, () => explainMissing(stage, cast, asking));
  const known = { topicId, messageId: arrival.id, bank };
  await scene(TITLES.stranger, () => showNothingToStranger(stage, cast, known));
  await scene(TITLES.receipts, () => compareReceipts(stage, cast, { topicId, arrival }));
  await scene(TITLES.figures, () => compareFigures(stage, cast, topicId));
  await scene(TITLES.operating, () => lookWithoutReading(stage, cast, known));
  await scene(TITLES.audit, () => verifyAudit(stage, cast, topicId));
  await scene(TITLES.recall, () => takeBack(stage, cast, sides));
  await scene(TITLES.erasure, () => forgetCustomer(stage, cast, sides));
  await scene(TITLES.later, () => sendLater(stage, cast, sides));
  const relation = { topicId, publisher, subscription: bank };
  const waiting = await scene(TITLES.revocation, () => revoke(stage, cast, relation));
  await scene(TITLES.renewal, () => renew(stage, cast, { ...relation, waiting }));
}
