/** What the two programs serve beside the API, for machines and operators. */
export type OpsRoute = {
  readonly path: string;
  readonly servedBy: string;
  readonly access: string;
  readonly summary: string;
};

export const OPS_ROUTES: readonly OpsRoute[] = [
  {
    path: '/healthz',
    servedBy: 'api, dispatcher',
    access: 'anyone',
    summary: 'Answers 200 as long as the process does',
  },
  {
    path: '/readyz',
    servedBy: 'api, dispatcher',
    access: 'anyone',
    summary: '200 when every store answers, else 503 with the names of those that do not',
  },
  {
    path: '/metrics',
    servedBy: 'api, dispatcher',
    access:
      'the bearer token `ANIKA_METRICS_TOKEN`; at the api also an operator; at a dispatcher without a token: its own machine',
    summary: 'Prometheus metrics of this process',
  },
  { path: '/openapi.json', servedBy: 'api', access: 'anyone', summary: 'The OpenAPI document' },
  { path: '/docs', servedBy: 'api', access: 'anyone', summary: 'The API reference, to read and try out' },
  { path: '/', servedBy: 'api', access: 'anyone', summary: 'Leads to the console' },
  {
    path: '/console',
    servedBy: 'api',
    access: 'anyone, to the sign-in; what it shows, by the role of who has signed in',
    summary: 'The console: what a company and the operators see and do, in the browser',
  },
  {
    path: '/admin',
    servedBy: 'api',
    access: 'operators, after `/admin/login`',
    summary: 'Bull Board at `/admin/queues`: queues, jobs, dead letters',
  },
];

/** Mounted paths that the list above lacks, and listed ones that nobody mounts. */
export function opsDifferences(sourceOfApi: string, routes: readonly OpsRoute[] = OPS_ROUTES): string[] {
  const mounted = [...sourceOfApi.matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path = '']) => path);
  const listed = routes.map(({ path }) => path);
  return [
    ...mounted
      .filter((path) => !listed.includes(path))
      .map((path) => `tools/checks/ops-routes.ts: does not list ${path}, which the api mounts`),
    ...listed
      .filter((path) => !mounted.includes(path))
      .map((path) => `tools/checks/ops-routes.ts: lists ${path}, which the api does not mount`),
  ];
}
