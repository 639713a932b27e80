import { buildOpenApi } from '@anika/contracts/openapi';
import type { Caller } from '@anika/core/access';
import { VERSION } from '@anika/core/version';
import { createReadiness } from '@anika/runtime/readiness';
import type { ApiConfig } from './config.ts';
import type { Auth } from './deps-auth.ts';
import { composeShown } from './deps-operators.ts';
import type { Page } from './http/page-route.ts';
import { STATUS_OF } from './http/problem.ts';
import { READING, type Site } from './http/router.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createAdminRouter } from './ops/admin.ts';
import { createAdminSessions } from './ops/admin-session.ts';
import { CONSOLE_FOLDER, createConsoleRouter } from './ops/console-site.ts';
import { createDocsRouter } from './ops/docs-page.ts';
import { createFormTokens } from './ops/form-tokens.ts';
import { healthz, readyz } from './ops/health.ts';
import { metricsRoute } from './ops/metrics-route.ts';
import { createSite } from './ops/sites.ts';

/** Operations: health, metrics, the API's own documents and the operators' pages. */
export function composeOps(
  config: ApiConfig,
  infrastructure: Infrastructure,
  auth: Pick<Auth, 'sessions' | 'operatorSessions' | 'browser'> & {
    authenticate: (authorization: string | undefined, remoteAddress?: string) => Promise<Caller>;
  },
) {
  const { clock, logger, metrics, queues, readiness, indexes, secretBox, board } = infrastructure;
  const seconds = metrics.histogram('http_request_seconds', 'Duration of API requests', ['route', 'status']);
  metrics.gauge('queue_jobs', 'Jobs by queue and state', {
    labels: ['queue', 'state'],
    collect: async (gauge) => {
      for (const { queue, state, jobs } of await queues.depths()) gauge.set({ queue, state }, jobs);
    },
  });
  const secure = config.ANIKA_PUBLIC_URL.startsWith('https:');
  const admin = createAdminRouter({
    board,
    show: composeShown(config, infrastructure),
    csrf: createFormTokens({ secretBox, secure, clock }),
    sessions: createAdminSessions({
      secretBox,
      operatorOf: async (id) => {
        const caller = await auth.operatorSessions.find(id);
        return caller?.role === 'operator' ? caller : undefined;
      },
      endSession: auth.operatorSessions.end,
      consoleSession: (req) => auth.browser.sessionOf(auth.browser.sealedIn(req) ?? ''),
      secure,
    }),
    signIn: auth.sessions.openForPages,
  });
  const openApi = JSON.stringify(
    buildOpenApi({ version: VERSION, serverUrl: config.ANIKA_PUBLIC_URL, statusOf: STATUS_OF }),
  );
  const pages: Page[] = [
    { path: '/healthz', answer: healthz },
    { path: '/readyz', answer: readyz(createReadiness([...readiness, indexes], clock)) },
    {
      path: '/metrics',
      answer: metricsRoute({
        metrics,
        authenticate: auth.authenticate,
        token: config.ANIKA_METRICS_TOKEN,
        clock,
      }),
    },
    { path: '/openapi.json', answer: () => ({ bodyText: openApi }) },
    { path: '/', answer: () => ({ status: 303, headers: { Location: '/console' } }) },
  ];
  const site = { trustProxy: config.ANIKA_TRUST_PROXY, logger };
  const sites: Site[] = [
    {
      path: '/docs',
      methods: READING,
      listener: createSite({ ...site, at: '/docs', router: createDocsRouter() }),
    },
    {
      path: '/console',
      methods: READING,
      listener: createSite({ ...site, at: '/console', router: createConsoleRouter(CONSOLE_FOLDER) }),
    },
    {
      path: '/admin',
      methods: ['GET', 'HEAD', 'POST', 'PUT'],
      listener: createSite({ ...site, at: '/admin', router: admin }),
    },
  ];
  return {
    pages,
    sites,
    observe: (route: string, status: number, duration: number) =>
      seconds.observe({ route, status: String(status) }, duration),
  };
}
