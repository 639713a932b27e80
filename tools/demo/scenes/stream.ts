import type { ServerEvent } from '@anika/client/event-stream';
import { stream } from '@anika/contracts/stream';
import { checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import type { Publisher } from './publishing.ts';
import { TEXTS } from './stream.texts.ts';

const TIMEOUT_MS = 5000;
const WHOLE = ['message', 'delivery', 'attempt', 'state'];

/** Both sides are told what happens, as it happens, and the third company nothing. */
export async function watchStream(
  { tell, signal }: Stage,
  { dealer, bank, stranger }: Cast,
  { topicId, publisher }: { topicId: string; publisher: Publisher },
): Promise<void> {
  tell.does(WHO.bothSides, TEXTS.listen, 'GET /v1/stream');
  const over = new AbortController();
  const gone = { signal: over.signal };
  try {
    const ofDealer = await dealer.client.follow(stream, { query: { topicId }, ...gone });
    const ofBank = await bank.client.follow(stream, gone);
    const ofStranger = await stranger.client.follow(stream, gone);
    tell.does(WHO.dealersServer, TEXTS.publishes);
    const id = await publisher.publish(choiceNumber(70));
    for (const side of [ofDealer, ofBank]) {
      const isDelivered = () => side.some(({ data }) => isDeliveredOf(data, id)) || undefined;
      await until(TEXTS.toldAll, isDelivered, { timeoutMs: TIMEOUT_MS, signal });
      checkEqual(TEXTS.toldAll, kindsOf(side, id), WHOLE);
    }
    tell.holds(TEXTS.toldAll);
    checkEqual(TEXTS.noContent, JSON.stringify([...ofDealer, ...ofBank]).includes('+7'), false);
    tell.holds(TEXTS.noContent);
    checkEqual(TEXTS.strangerNothing, ofStranger, []);
    tell.holds(TEXTS.strangerNothing);
  } finally {
    over.abort();
  }
}

/** Each once, in the order of the first. */
function kindsOf(happenings: readonly ServerEvent[], messageId: string): string[] {
  const about = happenings.filter(({ data }) => data.includes(messageId));
  const kinds = new Set(about.map(({ event }) => event));
  return WHOLE.filter((kind) => kinds.has(kind));
}

function isDeliveredOf(data: string, messageId: string): boolean {
  return data.includes(messageId) && data.includes('"state":"delivered"');
}
