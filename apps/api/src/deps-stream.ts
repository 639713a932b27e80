import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createChangeFeed } from '@anika/stores/mongo/change-feed';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { ApiConfig } from './config.ts';
import type { Auth } from './deps-auth.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createAdmitCatchUp } from './stream/admit-catch-up.ts';
import { createCallerAgain } from './stream/caller-again.ts';
import { createHub } from './stream/hub.ts';
import { createMayListen } from './stream/may-listen.ts';
import { createOpenStream } from './stream/open-stream.ts';
import { createShowChanges } from './stream/show-changes.ts';
import { streamRoutes } from './stream/stream.routes.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

/** The stream of what happens. Nothing of it runs while nobody listens. */
export function composeStream(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { auth, lifecycle }: { auth: Pick<Auth, 'authenticate'>; lifecycle: Lifecycle },
) {
  const { mongo, postgres, routes, loadTarget, messages, logger, clock } = infrastructure;
  const topics = createTopicStore(postgres);
  const { now, read } = createChangeFeed(mongo);
  const show = createShowChanges({ route: routes.get, findMessages: messages.findMany, clock });
  const hub = createHub({ now, read, show, logger });
  const end = async () => hub.close();
  lifecycle.onClose('streams', end);
  const open = createOpenStream({
    hub,
    ...createMayListen({
      findTopic: topics.find,
      findGrant: createGrantStore(postgres).find,
      loadTarget,
      clock,
    }),
    refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
    admitCatchUp: createAdmitCatchUp(),
    maxStreams: config.ANIKA_MAX_STREAMS,
    logger,
    clock,
  });
  return { end, routes: streamRoutes({ open, again: createCallerAgain(auth.authenticate) }) };
}
