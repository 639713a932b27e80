import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { MODULES, type ModuleName, type RouteContract } from '@anika/contracts/route';
import type { FailureCode } from '@anika/core/failures';
import { OPS_ROUTES } from './ops-routes.ts';
import { codes, page, table } from './table.ts';

const MODULE_TITLES: Readonly<Record<ModuleName, string>> = {
  auth: 'Module auth: credentials, partners, users, API keys',
  topics: 'Module topics: topics, grants, access requests, subscriptions, audit',
  messages: 'Module messages: publishing, search, deliveries, receipts',
};

/** docs/routes.md, from the contracts. */
export function routesPage(): string {
  return page([
    '# Routes',
    'Bodies, parameters and examples are in the API reference: `/docs` of every installation, the document itself at ' +
      '`/openapi.json`. What the codes mean is in [errors.md](errors.md).',
    '**Who may call** names the roles of users, then the scope an API key needs. ' +
      '**Own errors** are those beyond what every route of its kind may answer: `validation-failed`, ' +
      '`unauthenticated`, `forbidden`, `totp-setup-required`, `rate-limited`, `unavailable`, `internal`, and with a body `invalid-json`, ' +
      '`unsupported-media-type`, `payload-too-large`.',
    ...MODULES.flatMap((module) => [`## ${MODULE_TITLES[module]}`, moduleTable(module)]),
    '## For machines and operators',
    'Not part of the API and not in its reference.',
    opsTable(),
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

function byPath(a: RouteContract, b: RouteContract): number {
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
