import type { Fault } from './fault.ts';
import type { Row } from './run-fault.ts';

const COLUMNS: readonly (readonly [title: string, cell: (row: Row) => string | number])[] = [
  ['fault', (row) => row.fault],
  ['kept', (row) => (row.findings.length === 0 ? 'yes' : 'NO')],
  ['accepted', (row) => row.figures.accepted],
  ['deliveries', (row) => row.figures.deliveries],
  ['delivered', (row) => row.figures.delivered],
  ['dead', (row) => row.figures.dead],
  ['requests', (row) => row.figures.requests],
  ['repeats', (row) => row.figures.repeats],
  ['lost', (row) => row.figures.lost],
  ['settled s', (row) => row.settledSeconds],
  ['took s', (row) => row.tookSeconds],
  ['MiB', (row) => row.memoryMiB],
  ['fds +', (row) => row.moreDescriptors],
];

/** Columns of equal width; figures to the right. */
export function table(rows: readonly Row[]): string {
  const cells = [
    COLUMNS.map(([title]) => title),
    ...rows.map((row) => COLUMNS.map(([, cell]) => String(cell(row)))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

export function describeFault({ name, area, about, isLong, isShort }: Fault): string {
  const when = isLong === true ? ' (only by name)' : isShort === true ? ' (also in ./anika test)' : '';
  return `${area.padEnd(10)} ${name.padEnd(34)} ${about}${when}`;
}

export function describeRow(row: Row): string[] {
  const { accepted, delivered, dead, repeats } = row.figures;
  const summary = `${accepted} accepted, ${delivered} delivered, ${dead} dead, ${repeats} repeated; settled in ${row.settledSeconds} s`;
  return [
    row.findings.length === 0 ? `kept: ${summary}` : `BROKEN: ${summary}`,
    ...row.notes,
    ...row.findings.map((finding) => `✗ ${finding}`),
  ];
}
