import type { RequestListener } from 'node:http';
import type { Context } from '@anika/broker/open-stores';
import { startReports } from '@anika/broker/report-process';
import type { ModuleName } from '@anika/contracts/route';
import { createProcessStore } from '@anika/stores/mongo/processes';
import { createApp } from './app.ts';
import type { ApiConfig } from './config.ts';
import { composeAccess } from './deps-access.ts';
import { composeAuth } from './deps-auth.ts';
import { composeMessages } from './deps-messages.ts';
import { composeNoticeSettings } from './deps-notices.ts';
import { composeOps } from './deps-ops.ts';
import { composeTopics } from './deps-topics.ts';
import { openInfrastructure } from './infrastructure.ts';

type Api = {
  readonly app: RequestListener;
  /** Rejects with what is wrong with them. */
  readonly requireStores: () => Promise<void>;
  /** May take a while; until it is done only who asks for health is served. */
  readonly prepare: () => Promise<void>;
  /** Whoever waits for something is answered now. */
  readonly endWaits: () => Promise<void>;
};

/** Everything of one api process, put together by hand. */
export function composeApi(config: ApiConfig, context: Context): Api {
  const infrastructure = openInfrastructure(config, context);
  const { lifecycle, logger } = context;
  const has = (module: ModuleName) => config.ANIKA_MODULES.includes(module);
  const auth = composeAuth(config, infrastructure, lifecycle);
  const { authenticate, served } = composeAccess(config, auth);
  const { pages, sites, observe } = composeOps(config, infrastructure, { ...auth, authenticate });
  const messages = has('messages') ? composeMessages(config, infrastructure, { auth, lifecycle }) : undefined;
  const routes = [
    ...(messages?.routes ?? []),
    ...(has('auth') ? [...auth.routes, ...composeNoticeSettings(infrastructure)] : []),
    ...(has('topics') ? composeTopics(config, infrastructure, lifecycle) : []),
  ];
  async function begin(): Promise<void> {
    const store = createProcessStore(infrastructure.mongo);
    startReports({ program: 'api' }, { ...infrastructure, store }, lifecycle);
    if (has('auth')) await auth.ensureOperator(config);
  }
  return {
    app: createApp({
      routes,
      pages,
      sites,
      trustProxy: config.ANIKA_TRUST_PROXY,
      isReady: infrastructure.isPrepared,
      environment: { ...served, logger, observe },
    }),
    endWaits: async () => messages?.endWaits(),
    requireStores: infrastructure.requireStores,
    prepare: () => infrastructure.prepare(begin),
  };
}
