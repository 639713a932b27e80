import { type ReplayFind, type ReplayPageNeeds, readReplayPage } from '@anika/broker/replay-page';
import { compileReplay } from '@anika/core/replay/judge-messages';
import type { Replay, ReplayWish } from '@anika/core/replay/replay';
import type { Target } from '@anika/core/route';

/** What a replay would send, by what has become of it. Of messages that the reader may not have it says nothing. */
export type ReplayPreview = {
  readonly matched: number;
  readonly never: number;
  readonly dead: number;
  readonly cancelled: number;
  readonly delivered: number;
  /** Everything was looked at in the time there is. */
  readonly complete: boolean;
};

const MAX_MS = 5000;

/** Nothing is written. */
export async function previewReplay(
  wish: ReplayWish,
  target: Target,
  needs: ReplayPageNeeds,
): Promise<ReplayPreview> {
  const { id: subscriptionId, topicId } = target.subscription;
  const judge = compileReplay(target, wish);
  const reading = { ...wish, topicId, subscriptionId, untilMs: wish.toMs, judge };
  const untilMs = needs.clock.now() + MAX_MS;
  const finds = { never: 0, dead: 0, cancelled: 0, delivered: 0 };
  let after: Replay['position'];
  for (;;) {
    const page = await readReplayPage({ ...reading, after }, needs);
    for (const find of page.finds) count(find, finds);
    const complete = page.isEnd;
    if (complete || needs.clock.now() > untilMs) return { ...finds, matched: sum(finds), complete };
    after = page.reached;
  }
}

type Finds = { never: number; dead: number; cancelled: number; delivered: number };

function count({ state }: ReplayFind, finds: Finds): void {
  if (state === undefined) finds.never += 1;
  else if (state === 'dead' || state === 'cancelled' || state === 'delivered') finds[state] += 1;
}

function sum({ never, dead, cancelled, delivered }: Finds): number {
  return never + dead + cancelled + delivered;
}
