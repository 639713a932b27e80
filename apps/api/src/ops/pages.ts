import type { RequestListener } from 'node:http';
import { buildOpenApi } from '@anika/contracts/openapi';
import { VERSION } from '@anika/core/version';
import type { Logger } from '@anika/runtime/logger';
import type { Readiness } from '@anika/runtime/readiness';
import type { Router } from 'express';
import type { Page } from '../http/page-route.ts';
import { STATUS_OF } from '../http/problem.ts';
import { READING, type Site } from '../http/router.ts';
import { CONSOLE_FOLDER, createConsoleRouter } from './console-site.ts';
import { createDocsRouter } from './docs-page.ts';
import { healthz, readyz } from './health.ts';
import { type MetricsNeeds, metricsRoute } from './metrics-route.ts';
import { createSite } from './sites.ts';

export type OpsPagesNeeds = MetricsNeeds & {
  readonly readiness: () => Promise<Readiness>;
  readonly publicUrl: string;
};

/** What machines ask for, each at one path. */
export function opsPages(needs: OpsPagesNeeds): Page[] {
  const { readiness, publicUrl: serverUrl } = needs;
  const openApi = JSON.stringify(buildOpenApi({ version: VERSION, serverUrl, statusOf: STATUS_OF }));
  return [
    { path: '/healthz', answer: healthz },
    { path: '/readyz', answer: readyz(readiness) },
    { path: '/metrics', answer: metricsRoute(needs) },
    { path: '/openapi.json', answer: () => ({ bodyText: openApi }) },
    { path: '/', answer: () => ({ status: 303, headers: { Location: '/console' } }) },
  ];
}

export type OpsSitesNeeds = {
  readonly admin: Router;
  readonly trustProxy: number;
  readonly logger: Logger;
};

/** What people look at, each at a path and all below it. */
export function opsSites({ admin, ...common }: OpsSitesNeeds): Site[] {
  const served = (at: string, router: Router): RequestListener => createSite({ ...common, at, router });
  return [
    { path: '/docs', methods: READING, listener: served('/docs', createDocsRouter()) },
    {
      path: '/console',
      methods: READING,
      listener: served('/console', createConsoleRouter(CONSOLE_FOLDER)),
    },
    { path: '/admin', methods: ['GET', 'HEAD', 'POST', 'PUT'], listener: served('/admin', admin) },
  ];
}
