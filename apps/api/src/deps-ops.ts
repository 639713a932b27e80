import { buildOpenApi } from '@anika/contracts/openapi';
import { Failure } from '@anika/core/failures';
import type { UserId } from '@anika/core/ids';
import { VERSION } from '@anika/core/version';
import type { AppParts } from './app.ts';
import type { ApiConfig } from './config.ts';
import type { Auth } from './deps-auth.ts';
import { STATUS_OF } from './http/problem.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createAdminRouter } from './ops/admin.ts';
import { createAdminSessions } from './ops/admin-session.ts';
import { createDocsRouter } from './ops/docs-page.ts';
import { healthz, readyz } from './ops/health.ts';
import { metricsRoute } from './ops/metrics-route.ts';

/** Operations: health, metrics, the API's own documents and the operators' pages. */
export function composeOps(config: ApiConfig, infrastructure: Infrastructure, auth: Auth) {
  const { clock, metrics, queues, readiness, secretBox, board } = infrastructure;
  const seconds = metrics.histogram('http_request_seconds', 'Duration of API requests', ['route', 'status']);
  metrics.gauge('queue_jobs', 'Jobs by queue and state', {
    labels: ['queue', 'state'],
    collect: async (gauge) => {
      for (const { queue, state, jobs } of await queues.depths()) gauge.set({ queue, state }, jobs);
    },
  });
  const secure = config.ANIKA_PUBLIC_URL.startsWith('https:');
  const operatorChangedAtMs = async (id: UserId) => {
    const account = await auth.users.find(id);
    return account?.user.role === 'operator' ? account.user.updatedAtMs : undefined;
  };
  const admin = createAdminRouter({
    board,
    secure,
    sessions: createAdminSessions({ secretBox, operatorChangedAtMs, secure, clock }),
    async signIn(command) {
      const { accessToken } = await auth.sessions.login(command);
      const caller = await auth.authenticate(`Bearer ${accessToken}`, command.remoteAddress);
      if (caller.role !== 'operator') throw new Failure('forbidden', 'This page is for operators');
      return caller.userId;
    },
  });
  const openApi = JSON.stringify(
    buildOpenApi({ version: VERSION, serverUrl: config.ANIKA_PUBLIC_URL, statusOf: STATUS_OF }),
  );
  const mounted: AppParts['mounted'] = [
    { path: '/healthz', handler: healthz() },
    { path: '/readyz', handler: readyz(readiness) },
    {
      path: '/metrics',
      handler: metricsRoute({
        metrics,
        authenticate: auth.authenticate,
        token: config.ANIKA_METRICS_TOKEN,
      }),
    },
    { path: '/openapi.json', handler: (_req, res) => void res.type('application/json').send(openApi) },
    { path: '/docs', handler: createDocsRouter() },
    { path: '/admin', handler: admin },
  ];
  return {
    mounted,
    observe: (route: string, status: number, duration: number) =>
      seconds.observe({ route, status: String(status) }, duration),
  };
}
