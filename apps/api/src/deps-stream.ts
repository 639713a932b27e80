import { grantState } from '@anika/core/access';
import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createChangeFeed } from '@anika/stores/mongo/change-feed';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createTopicStore } from '@anika/stores/postgres/topics';
import { refused } from './auth/refusals.ts';
import type { ApiConfig } from './config.ts';
import type { Auth } from './deps-auth.ts';
import { quotaFailure } from './http/admit.ts';
import { memoryQuota } from './http/memory-quota.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createHub } from './stream/hub.ts';
import { createOpenStream } from './stream/open-stream.ts';
import { createShowChanges } from './stream/show-changes.ts';
import { streamRoutes } from './stream/stream.routes.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

const CATCH_UPS_PER_SECOND = 1;

/** The stream of what happens. Nothing of it runs while nobody listens. */
export function composeStream(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { auth, lifecycle }: { auth: Pick<Auth, 'authenticate'>; lifecycle: Lifecycle },
) {
  const { mongo, postgres, routes, routing, messages, logger, clock } = infrastructure;
  const topics = createTopicStore(postgres);
  const grants = createGrantStore(postgres);
  const feed = createChangeFeed(mongo);
  const show = createShowChanges({
    route: routes.get,
    findMessages: async (ids) => readable(await messages.findMany(ids)),
    clock,
  });
  const hub = createHub({ now: feed.now, read: feed.read, show, logger });
  const catchUps = memoryQuota('catch-up', CATCH_UPS_PER_SECOND);
  const end = async () => hub.close();
  lifecycle.onClose('streams', end);
  const open = createOpenStream({
    hub,
    async refusesTopic(topicId, partnerId) {
      const topic = await topics.find(topicId);
      if (topic === undefined) return true;
      if (topic.owner.id === partnerId) return false;
      const grant = await grants.find(topicId, partnerId);
      return grant === undefined || grantState(grant, clock.now()) !== 'active';
    },
    async sharesSubscription(id, partnerId) {
      const target = (await routing.loadTargets([id], clock.now())).get(id);
      return (
        target !== undefined && [target.subscription.partnerId, target.topic.ownerId].includes(partnerId)
      );
    },
    refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
    async admitCatchUp(partnerId) {
      const state = await catchUps.limit.consume(partnerId);
      if (!state.allowed) throw quotaFailure(catchUps, state);
    },
    maxStreams: config.ANIKA_MAX_STREAMS,
    logger,
    clock,
  });
  return {
    end,
    routes: streamRoutes({
      open,
      /** A session outlives the tokens that it gives out; a key is judged anew. */
      async again({ sessionId, remoteAddress, partnerId }, authorization) {
        const caller =
          sessionId === undefined
            ? await auth.authenticate(authorization, remoteAddress)
            : await auth.authenticate.bySession(sessionId);
        if (caller === undefined || caller.partnerId !== partnerId) throw refused('invalid');
        return { ...caller, remoteAddress };
      },
    }),
  };
}

/** Of what was taken back meanwhile nobody is told any more. */
function readable(found: ReadonlyMap<MessageId, Message | 'recalled'>): ReadonlyMap<MessageId, Message> {
  return new Map([...found].flatMap(([id, one]) => (one === 'recalled' ? [] : [[id, one] as const])));
}
