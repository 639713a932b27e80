import type { ReplayPageNeeds } from '@anika/broker/replay-page';
import type { PartnerCaller } from '@anika/core/access';
import { invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import type { IdMaker, PartnerId, SubscriptionId } from '@anika/core/ids';
import { REPLAY_MAX_DAYS, REPLAY_MAX_MS, type Replay, type ReplayWish } from '@anika/core/replay/replay';
import type { Target } from '@anika/core/route';
import type { Subscription } from '@anika/core/subscription';
import type { ReplayStore } from '@anika/stores/postgres/replays';
import type { MayStart } from '../deliveries/may-start.ts';
import { existing } from '../http/path-id.ts';
import { previewReplay, type ReplayPreview } from './preview-replay.ts';

export type StartReplayNeeds = ReplayPageNeeds & {
  readonly findSubscription: (id: SubscriptionId, partnerId: PartnerId) => Promise<Subscription | undefined>;
  readonly loadTarget: (id: SubscriptionId) => Promise<Target | undefined>;
  readonly mayStart: MayStart;
  readonly create: ReplayStore['create'];
  /** Previews of one company are bounded, as its searches are. */
  readonly bounded: <R>(partnerId: PartnerId, work: () => Promise<R>) => Promise<R>;
  readonly newId: IdMaker;
};

/** `toMs` undefined: now. */
export type ReplayRequest = Omit<ReplayWish, 'toMs'> & {
  readonly toMs: number | undefined;
  readonly perSecond: number;
};

/** Sends messages of a time again, or says what would be sent. A dispatcher goes on with it. */
export function createStartReplay(needs: StartReplayNeeds) {
  async function checked(id: SubscriptionId, request: ReplayRequest, by: PartnerCaller) {
    const subscription = existing(await needs.findSubscription(id, by.partnerId), 'sub');
    const nowMs = needs.clock.now();
    // What is still to come is delivered as it comes.
    const toMs = Math.min(request.toMs ?? nowMs, nowMs);
    checkRange(request.fromMs, toMs);
    await needs.mayStart(id, 'start a replay');
    return { subscription, wish: { ...request, toMs }, nowMs };
  }

  return {
    async start(id: SubscriptionId, request: ReplayRequest, by: PartnerCaller): Promise<Replay> {
      const { subscription, wish, nowMs } = await checked(id, request, by);
      const { partnerId, topicId } = subscription;
      const replay = { ...wish, id: needs.newId('rpl'), subscriptionId: id, partnerId, topicId };
      return needs.create(replay, { by, atMs: nowMs });
    },

    async preview(id: SubscriptionId, request: ReplayRequest, by: PartnerCaller): Promise<ReplayPreview> {
      const { wish } = await checked(id, request, by);
      const target = existing(await needs.loadTarget(id), 'sub');
      return needs.bounded(by.partnerId, () => previewReplay(wish, target, needs));
    },
  };
}

function checkRange(fromMs: number, toMs: number): void {
  if (fromMs >= toMs) throw invalid('from', said('not-before-to'));
  if (toMs - fromMs > REPLAY_MAX_MS)
    throw invalid('from', said('range-too-long', { count: REPLAY_MAX_DAYS }));
}
