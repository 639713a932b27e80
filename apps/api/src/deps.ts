import type { RequestListener } from 'node:http';
import { startReports } from '@anika/broker/report-process';
import type { ModuleName } from '@anika/contracts/route';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { Logger } from '@anika/runtime/logger';
import { createProcessStore } from '@anika/stores/mongo/processes';
import { createOperatorStore } from '@anika/stores/postgres/operators';
import { createApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { composeAccess } from './deps-access.ts';
import { composeAuth } from './deps-auth.ts';
import { composeExplain } from './deps-explain.ts';
import { composeMessages } from './deps-messages.ts';
import { composeMeta } from './deps-meta.ts';
import { composeNoticeSettings, composeNotices } from './deps-notices.ts';
import { composeOperators } from './deps-operators.ts';
import { composeOps } from './deps-ops.ts';
import { composePulls } from './deps-pulls.ts';
import { composeReplays } from './deps-replays.ts';
import { composeStats } from './deps-stats.ts';
import { composeStream } from './deps-stream.ts';
import { composeTopics } from './deps-topics.ts';
import { createOutgoing } from './http/outgoing.ts';
import type { BoundRoute } from './http/route.ts';
import { openInfrastructure } from './infrastructure.ts';
import { createEnsureOperator } from './users/ensure-operator.ts';

/**
 * Everything of one api process, put together by hand. `requireStores` rejects with what is wrong with them; `prepare`
 * may take a while, and until it is done only who asks for health is served. `endWaits`: whoever waits for something is
 * answered now.
 */
export function composeApi(
  config: ApiConfig,
  context: { logger: Logger; lifecycle: Lifecycle },
): {
  app: RequestListener;
  requireStores: () => Promise<void>;
  prepare: () => Promise<void>;
  endWaits: () => Promise<void>;
} {
  const infrastructure = openInfrastructure(config, context);
  const { logger } = infrastructure;
  const auth = composeAuth(config, infrastructure, context.lifecycle);
  const ensureOperator = createEnsureOperator({
    ...infrastructure,
    store: createOperatorStore(infrastructure.postgres),
    passwords: auth.passwords,
  });
  const has = (module: ModuleName) => config.ANIKA_MODULES.includes(module);
  const stream = composeStream(config, infrastructure, { auth, lifecycle: context.lifecycle });
  const pulls = has('messages') ? composePulls(config, infrastructure, context.lifecycle) : undefined;
  const routes: BoundRoute[] = [
    ...(has('messages') ? composeMessages(config, infrastructure, context.lifecycle) : []),
    ...(pulls?.routes ?? []),
    ...(has('messages') ? composeNotices(infrastructure) : []),
    ...(has('messages') ? composeReplays(infrastructure) : []),
    ...(has('messages') ? composeExplain(infrastructure) : []),
    ...(has('auth') ? [...auth.routes, ...composeNoticeSettings(infrastructure)] : []),
    ...(has('messages')
      ? [...stream.routes, ...composeStats(infrastructure), ...composeOperators(config, infrastructure)]
      : []),
    ...(has('topics') ? composeTopics(config, infrastructure, context.lifecycle) : []),
    ...(has('topics') ? composeMeta(config, infrastructure) : []),
  ];
  const { authenticate, identify, admit } = composeAccess(config, auth);
  const ops = composeOps(config, infrastructure, { ...auth, authenticate });
  const app = createApp({
    routes,
    pages: ops.pages,
    sites: ops.sites,
    trustProxy: config.ANIKA_TRUST_PROXY,
    isReady: infrastructure.isPrepared,
    environment: {
      identify,
      admit,
      outgoing: createOutgoing(config.ANIKA_MAX_UNREAD_BYTES),
      maxMessageBytes: config.ANIKA_MAX_MESSAGE_BYTES,
      logger,
      observe: ops.observe,
    },
  });
  return {
    app,
    async endWaits() {
      pulls?.letGo();
      await stream.end();
    },
    requireStores: infrastructure.requireStores,
    prepare: () =>
      infrastructure.prepare(async () => {
        const store = createProcessStore(infrastructure.mongo);
        startReports({ program: 'api' }, { store, clock: infrastructure.clock, logger }, context.lifecycle);
        if (has('auth'))
          await ensureOperator({
            email: config.ANIKA_OPERATOR_EMAIL,
            password: config.ANIKA_OPERATOR_PASSWORD,
          });
      }),
  };
}
