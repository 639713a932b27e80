import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { MODULES, type ModuleName, type RouteContract } from '@anika/contracts/route';
import type { FailureCode } from '@anika/core/failures';
import { OPS_ROUTES } from './ops-routes.ts';
import { type TestFile, testsOfRoutes } from './route-tests.ts';
import { codes, page, table } from './table.ts';

/** Calls each route of the contracts by construction. */
export const EVERY_ROUTE_TEST = 'apps/api/src/http/every-route.int.test.ts';

const MODULE_TITLES: Readonly<Record<ModuleName, string>> = {
  auth: 'Module auth: credentials, partners, users, API keys',
  topics: 'Module topics: topics, grants, access requests, subscriptions, audit',
  messages: 'Module messages: publishing, search, deliveries, receipts',
};

/** docs/routes.md, from the contracts and the sources of the tests. */
export function routesPage(tests: readonly TestFile[]): string {
  return page([
    '# Routes',
    'Bodies, parameters and examples are in the API reference: `/docs` of every installation, the document itself at ' +
      '`/openapi.json`. What the codes mean is in [errors.md](errors.md).',
    '**Who may call** names the roles of users, then the scope an API key needs; a key counts as a developer of its ' +
      'company. **Own errors** are those beyond what every route of its kind may answer: `validation-failed`, ' +
      '`unauthenticated`, `forbidden`, `rate-limited`, `unavailable`, `internal`, and with a body `invalid-json`, ' +
      '`unsupported-media-type`, `payload-too-large`.',
    ...MODULES.flatMap((module) => [`## ${MODULE_TITLES[module]}`, moduleTable(module)]),
    '## For machines and operators',
    'Not part of the API and not in its reference.',
    opsTable(),
    '## Which tests call a route',
    `[${EVERY_ROUTE_TEST}](../${EVERY_ROUTE_TEST}) calls every route: its success, its roles and scopes, missing and ` +
      'forged credentials, hostile bodies, unknown ids. The files below call it as well, as far as their source ' +
      'shows it: what they call through shared helpers is not listed.',
    testsTable(tests),
  ]);
}

function routeName({ method, path }: RouteContract): string {
  return `\`${method.toUpperCase()} ${path}\``;
}

function moduleTable(module: ModuleName): string {
  const rows = ALL_ROUTES.filter((contract) => contract.module === module)
    .toSorted(byPath)
    .map((contract) => [
      routeName(contract),
      sentence(contract.summary),
      whoMayCall(contract),
      String(contract.success.status),
      codes(ownFailures(contract)) || '—',
    ]);
  return table(['Route', 'What it does', 'Who may call', 'Success', 'Own errors'], rows);
}

const METHOD_ORDER = ['post', 'get', 'put', 'patch', 'delete'];

export function byPath(a: RouteContract, b: RouteContract): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return METHOD_ORDER.indexOf(a.method) - METHOD_ORDER.indexOf(b.method);
}

export function whoMayCall({ access }: Pick<RouteContract, 'access'>): string {
  if (access === 'public') return 'anyone';
  const { roles, scope } = access;
  if (scope === 'any') return 'any valid credential';
  return scope === 'none' ? `${roles.join(', ')}; no key` : `${roles.join(', ')}; key: ${scope}`;
}

/** Every route may answer these. */
const USUAL: readonly FailureCode[] = ['rate-limited', 'unavailable', 'internal'];

function ownFailures({ failures = [] }: RouteContract): readonly FailureCode[] {
  return failures.filter((code) => !USUAL.includes(code));
}

function sentence(summary: string): string {
  return /[.?!]$/.test(summary) ? summary : `${summary}.`;
}

function opsTable(): string {
  return table(
    ['Path', 'What it does', 'Who may call', 'Served by'],
    OPS_ROUTES.map(({ path, summary, access, servedBy }) => [
      `\`${path}\``,
      sentence(summary),
      access,
      servedBy,
    ]),
  );
}

function testsTable(tests: readonly TestFile[]): string {
  const found = testsOfRoutes(ALL_ROUTES, tests);
  const links = (id: string) =>
    (found.get(id) ?? []).map((path) => `[${nameOf(path)}](../${path})`).join(', ');
  return table(
    ['Route', 'Operation', 'Tests'],
    ALL_ROUTES.toSorted(byPath).map((contract) => [
      routeName(contract),
      `\`${contract.id}\``,
      links(contract.id) || '—',
    ]),
  );
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}
