import { getReplay, startReplay } from '@anika/contracts/replays';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import type { Arrival } from '../endpoints.ts';
import type { Cast, Stage } from '../stage.ts';
import { until } from '../until.ts';
import { TEXTS } from './replay.texts.ts';
import type { Subscription } from './subscription.ts';

const TIMEOUT_MS = 15_000;
const sentBody = z.object({ timestamp: z.string() });

const acceptedAtMs = ({ rawBody }: Arrival) => Date.parse(sentBody.parse(JSON.parse(rawBody)).timestamp);

/** The bank has restored its database of yesterday: what it had taken since is gone, and is sent once more. */
export async function replayLost(
  stage: Stage,
  { bank }: Cast,
  { subscription, last }: { readonly subscription: Subscription; readonly last: Arrival },
): Promise<void> {
  const { tell } = stage;
  const { arrivals } = subscription.endpoint;
  const lost = arrivals.slice(arrivals.indexOf(last) + 1);
  const ids = [...new Set(lost.map(({ id }) => id))].sort();
  const times = lost.map(acceptedAtMs);
  const from = new Date(Math.min(...times)).toISOString();
  const to = new Date(Math.max(...times) + 1).toISOString();
  const params = { id: subscription.id };
  tell.note(TEXTS.lost);
  tell.does(bank.title, TEXTS.asksFirst, 'POST /v1/subscriptions/{id}/replays');
  const wish = { from, to, only: 'all', perSecond: 1000 } as const;
  const would = await bank.client.ask(startReplay, { params, body: { ...wish, dryRun: true } });
  checkEqual(
    TEXTS.wouldSend(ids.length),
    [would.matched, would.delivered, 'complete' in would && would.complete],
    [ids.length, ids.length, true],
  );
  tell.holds(TEXTS.wouldSend(ids.length));

  const before = arrivals.length;
  tell.does(bank.title, TEXTS.starts, 'POST /v1/subscriptions/{id}/replays');
  const started = await bank.client.ask(startReplay, { params, body: wish });
  checkEqual(TEXTS.isRunning, 'state' in started && started.state, 'running');
  const replay = 'id' in started ? started.id : '';
  const done = await until(
    TEXTS.isDone,
    async () => {
      const now = await bank.client.ask(getReplay, { params: { id: replay } });
      return now.state === 'done' ? now : undefined;
    },
    { timeoutMs: TIMEOUT_MS, signal: stage.signal },
  );
  checkEqual(TEXTS.isDone, [done.matched, done.delivered], [ids.length, ids.length]);
  tell.holds(TEXTS.counted(done.started, done.delivered));
  const again = arrivals.slice(before);
  checkEqual(TEXTS.sameIds, again.map(({ id }) => id).sort(), ids);
  const refused = again.filter(({ status }) => status !== 204);
  check(TEXTS.sameIds, refused.length === 0, { expected: TEXTS.allTaken, came: refused.length });
  tell.holds(TEXTS.sameIds);
}
