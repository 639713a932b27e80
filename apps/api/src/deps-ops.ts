import { createReadiness } from '@anika/runtime/readiness';
import type { ApiConfig } from './config.ts';
import type { composeAccess } from './deps-access.ts';
import type { Auth } from './deps-auth.ts';
import { openLookUp } from './deps-operators.ts';
import type { Infrastructure } from './infrastructure.ts';
import { jobUrlOf } from './operators/job-url.ts';
import { createShow } from './operators/show.ts';
import { createAdminRouter } from './ops/admin.ts';
import { createAdminSessions } from './ops/admin-session.ts';
import { observeRequests, showDeferred, showQueues } from './ops/figures.ts';
import { createFormTokens } from './ops/form-tokens.ts';
import { opsPages, opsSites } from './ops/pages.ts';

type Access = Pick<Auth, 'sessions' | 'operatorSessions' | 'browser'> &
  Pick<ReturnType<typeof composeAccess>, 'authenticate'>;

/** Operations: health, metrics, the API's own documents and the operators' pages. */
export function composeOps(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { authenticate, sessions, operatorSessions, browser }: Access,
) {
  const { clock, logger, metrics, deferred, queues, readiness, indexes, secretBox, board } = infrastructure;
  const { ANIKA_PUBLIC_URL: publicUrl } = config;
  const secure = publicUrl.startsWith('https:');
  showQueues(metrics, queues.depths);
  showDeferred(metrics, deferred.count);
  const admin = createAdminRouter({
    board,
    show: createShow(openLookUp(infrastructure), jobUrlOf(publicUrl)),
    csrf: createFormTokens({ secretBox, secure, clock }),
    sessions: createAdminSessions({ secretBox, sessions: operatorSessions, browser, secure }),
    signIn: sessions.openForPages,
  });
  return {
    pages: opsPages({
      readiness: createReadiness([...readiness, indexes], clock),
      metrics,
      authenticate,
      token: config.ANIKA_METRICS_TOKEN,
      publicUrl,
      clock,
    }),
    sites: opsSites({ admin, trustProxy: config.ANIKA_TRUST_PROXY, logger }),
    observe: observeRequests(metrics),
  };
}
