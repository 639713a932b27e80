import type { RoleResult } from './roles.ts';
import type { RowResult } from './rows.ts';

/** Two tables for a terminal: what was made up for each role, and the stateful rows. */
export function summary({
  roles,
  rows,
}: {
  readonly roles: readonly RoleResult[];
  readonly rows: readonly RowResult[];
}): string {
  const parts = [];
  if (roles.length > 0) parts.push(rolesTable(roles));
  if (rows.length > 0) parts.push(rowsTable(rows));
  return parts.join('\n\n');
}

/** What was found in the name of a role, a line each. */
export function findingLines({ findings }: RoleResult): string[] {
  return findings.map(({ operation, check, message, request, count }) =>
    [`${check} ${operation}`.trim(), message, request, count > 1 ? `${count} times` : '']
      .filter((part) => part !== undefined && part !== '')
      .join(' · '),
  );
}

function rolesTable(roles: readonly RoleResult[]): string {
  const head = ['role', 'operations', 'cases', 'done (2xx)', 'seconds', 'found'];
  const lines = roles.map(({ role, operations, cases, accepted, seconds, findings }) =>
    [role, operations, cases, accepted, seconds, findings.length].map(String),
  );
  return [head, ...lines]
    .map((cells) => cells.map((cell, n) => (n === 0 ? cell.padEnd(12) : cell.padStart(11))).join(''))
    .join('\n');
}

function rowsTable(rows: readonly RowResult[]): string {
  return rows
    .flatMap(({ title, findings }) => [
      `${findings.length === 0 ? 'ok    ' : 'FAILED'}  ${title}`,
      ...findings.map((text) => `          ${text}`),
    ])
    .join('\n');
}
