import { isDeepStrictEqual } from 'node:util';
import { stats } from '@anika/contracts/stats';
import { type Cast, rangeAround, type Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { TEXTS } from './figures.texts.ts';

const TIMEOUT_MS = 20_000;
/** As many as the stream of customers was, and more. */
const DELIVERED_MIN = 100;

const sum = (column: readonly number[]) => column.reduce((a, b) => a + b, 0);

/** What both companies can draw of their traffic, counted while it happened. */
export async function compareFigures(
  { tell, signal }: Stage,
  { dealer, bank, stranger, operator }: Cast,
  topicId: string,
): Promise<void> {
  tell.does(WHO.bothSides, TEXTS.ask, 'GET /v1/stats');
  const query = { scope: 'pair', id: topicId, step: 'hour', ...rangeAround(Date.now()) } as const;
  const same = await until(
    TEXTS.equal,
    async () => {
      const sent = await dealer.client.ask(stats, { query: { ...query, partnerId: bank.id } });
      const taken = await bank.client.ask(stats, { query });
      // Counted anew every few seconds: between the two questions as well.
      return sum(sent.delivered) >= DELIVERED_MIN && isDeepStrictEqual(sent, taken) ? sent : undefined;
    },
    { timeoutMs: TIMEOUT_MS, everyMs: 200, signal },
  );
  tell.holds(TEXTS.sameFigures(sum(same.delivered), sum(same.failed)));
  await stranger.client.refused(stats, 403, { query });
  await operator.refused(stats, 403, { query });
  tell.holds(TEXTS.nobodyElse);
}
