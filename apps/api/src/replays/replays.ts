import type { PartnerCaller } from '@anika/core/access';
import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { Failure } from '@anika/core/failures';
import type { ReplayId, SubscriptionId } from '@anika/core/ids';
import { countsOf, type Replay, type ReplayCounts } from '@anika/core/replay/replay';
import { type ReplayInput, transition } from '@anika/core/replay/transition';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { ReplayStore } from '@anika/stores/postgres/replays';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';
import { createStartReplay, type ReplayRequest, type StartReplayNeeds } from './start-replay.ts';

export type ReplayNeeds = Omit<StartReplayNeeds, 'create'> & {
  readonly store: Pick<ReplayStore, 'create' | 'find' | 'list' | 'move'>;
  readonly countReplayed: DeliveryStore['countReplayed'];
  readonly restartFailed: DeliveryStore['restartFailed'];
  readonly requestSweep: () => Promise<void>;
};

/** A replay with what has become of its deliveries. */
export type CountedReplay = Replay & { readonly counts: ReplayCounts };
export type Replays = ReturnType<typeof createReplays>;

/** For the audit log. */
const ACTION_OF = {
  pause: 'replay.paused',
  resume: 'replay.resumed',
  stop: 'replay.stopped',
} as const satisfies Record<ReplayInput, string>;

/** Messages of a time for a subscription again: the reader's side. */
export function createReplays(needs: ReplayNeeds) {
  const { store, clock } = needs;
  const { start, preview } = createStartReplay({ ...needs, create: store.create });

  async function counted(replays: readonly Replay[]): Promise<CountedReplay[]> {
    const live = replays.filter(({ settled }) => settled === undefined).map(({ id }) => id);
    const counts = live.length === 0 ? undefined : await needs.countReplayed(live, DELIVERY_STATES);
    return replays.map((replay) => {
      const found = counts?.get(replay.id);
      return { ...replay, counts: replay.settled ?? countsOf((state) => found?.[state] ?? 0) };
    });
  }

  async function countedOne(replay: Replay): Promise<CountedReplay> {
    return existing((await counted([replay]))[0], 'rpl');
  }

  async function move(id: ReplayId, input: ReplayInput, by: PartnerCaller): Promise<CountedReplay> {
    const change = { by, atMs: clock.now(), action: ACTION_OF[input] };
    const decide = (before: Replay) => transition(before, input);
    const moved = existing(await store.move({ id, partnerId: by.partnerId }, decide, change), 'rpl');
    if (moved.transition.kind === 'refused') {
      const { before, transition: refused } = moved;
      const detail = `Cannot ${input}: the replay is ${before.state}, it must be ${refused.must}`;
      throw new Failure('conflict', detail);
    }
    return countedOne(moved.after);
  }

  return {
    preview,

    async start(id: SubscriptionId, request: ReplayRequest, by: PartnerCaller): Promise<CountedReplay> {
      return countedOne(await start(id, request, by));
    },

    async get(id: ReplayId, by: PartnerCaller): Promise<CountedReplay> {
      return countedOne(existing(await store.find(id, by.partnerId), 'rpl'));
    },

    async list(
      by: PartnerCaller,
      list: PageRequest & { readonly subscriptionId: SubscriptionId | undefined },
    ): Promise<CountedReplay[]> {
      return counted(await store.list(by.partnerId, list));
    },

    pause: (id: ReplayId, by: PartnerCaller) => move(id, 'pause', by),
    stop: (id: ReplayId, by: PartnerCaller) => move(id, 'stop', by),

    /** Whoever resumes has mended what was wrong: what failed does not wait for its next attempt. */
    async resume(id: ReplayId, by: PartnerCaller): Promise<CountedReplay> {
      const before = existing(await store.find(id, by.partnerId), 'rpl');
      await needs.mayStart(before.subscriptionId, 'resume the replay');
      const resumed = await move(id, 'resume', by);
      const restarted = await needs.restartFailed(before, clock.now());
      if (restarted === 0) return resumed;
      await needs.requestSweep();
      return countedOne(resumed);
    },
  };
}
