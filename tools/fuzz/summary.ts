import type { RoleResult } from './roles.ts';
import type { RowResult } from './rows.ts';
import type { ShapeResult } from './shapes.ts';
import type { SizeResult } from './sizes.ts';

type Results = {
  readonly roles: readonly RoleResult[];
  readonly rows: readonly RowResult[];
  readonly shapes: readonly ShapeResult[];
  readonly sizes: readonly SizeResult[];
};

/** Tables for a terminal: what was made up for each role, the costly shapes, and the stateful rows. */
export function summary({ roles, rows, shapes, sizes }: Results): string {
  const parts = [];
  if (sizes.length > 0) parts.push(sizesTable(sizes));
  if (roles.length > 0) parts.push(rolesTable(roles));
  if (shapes.length > 0) parts.push(shapesTable(shapes));
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
  const head = ['role', 'operations', 'cases', 'done (2xx)', 'seconds', 'loop p99', 'loop max', 'found'];
  const lines = roles.map(({ role, operations, cases, accepted, seconds, delay, findings }) =>
    [role, operations, cases, accepted, seconds, delay?.p99Ms, delay?.maxMs, findings.length].map(String),
  );
  return [head, ...lines]
    .map((cells) => cells.map((cell, n) => (n === 0 ? cell.padEnd(12) : cell.padStart(11))).join(''))
    .join('\n');
}

/** Milliseconds that the api's event loop was late while they were sent. */
function shapesTable(shapes: readonly ShapeResult[]): string {
  const head = `${'costly shapes'.padEnd(40)}${'requests'.padStart(10)}${'p99 ms'.padStart(10)}${'max ms'.padStart(10)}`;
  const lines = shapes.flatMap(({ title, requests, delay, findings }) => [
    title.padEnd(40) + [requests, delay.p99Ms, delay.maxMs].map((cell) => String(cell).padStart(10)).join(''),
    ...findings.map((text) => `          ${text}`),
  ]);
  return [head, ...lines].join('\n');
}

function rowsTable(rows: readonly RowResult[]): string {
  return rows
    .flatMap(({ title, findings }) => [
      `${findings.length === 0 ? 'ok    ' : 'FAILED'}  ${title}`,
      ...findings.map((text) => `          ${text}`),
    ])
    .join('\n');
}

function sizesTable(sizes: readonly SizeResult[]): string {
  const head = (sizes[0]?.sizes ?? []).map(({ bytes }) => `${bytes / 1000} kB, ms (loop late)`.padStart(26));
  const lines = sizes.map(
    ({ title, sizes: measured }) =>
      title.padEnd(46) +
      measured.map(({ status, ms, lateMs }) => `${status}: ${ms} (${lateMs})`.padStart(26)).join(''),
  );
  return [''.padEnd(46) + head.join(''), ...lines].join('\n');
}
