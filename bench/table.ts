import type { Row } from './measure.ts';
import { SCENARIOS } from './scenarios.ts';
import type { StoredRow } from './stored-million.ts';

/** Markdown, so that it can be put into a document as it is printed. */
export function table(rows: readonly Row[]): string {
  return markdown(
    [
      'scenario',
      'subject',
      'deliveries/s',
      '202 p50 ms',
      'p50 ms',
      'p99 ms',
      'CPU ms/delivery',
      'MiB',
      'lost',
      'dup',
    ],
    rows.map((row) => [
      row.scenario,
      row.subject,
      row.deliveriesPerSecond,
      row.acceptedP50Ms,
      row.p50Ms,
      row.p99Ms,
      row.cpuMsPerDelivery,
      row.memoryMiB,
      row.lost,
      row.duplicates,
    ]),
  );
}

export function storedTable(rows: readonly StoredRow[]): string {
  return markdown(
    ['over a million messages', 'found', 'p50 ms', 'p99 ms', 'plain query p50 ms'],
    rows.map((row) => [row.what, row.found, row.p50Ms, row.p99Ms, row.bareP50Ms ?? '']),
  );
}

const BAR = 40;

/** Deliveries a second, a bar each. */
export function chart(rows: readonly Row[]): string {
  const most = Math.max(...rows.map((row) => row.deliveriesPerSecond));
  const bar = (rate: number) => '█'.repeat(Math.max(1, Math.round((rate / most) * BAR)));
  return SCENARIOS.flatMap(({ name }) => {
    const found = rows.filter((row) => row.scenario === name);
    if (found.length === 0) return [];
    return [
      name,
      ...found.map(
        (row) => `  ${row.subject.padEnd(5)} ${bar(row.deliveriesPerSecond)} ${row.deliveriesPerSecond}/s`,
      ),
    ];
  }).join('\n');
}

export function ratios(rows: readonly Row[]): string {
  return SCENARIOS.flatMap(({ name }) => {
    const [anika, bare] = ['anika', 'bare'].map((subject) =>
      rows.find((row) => row.scenario === name && row.subject === subject),
    );
    if (anika === undefined || bare === undefined) return [];
    const share = Math.round((anika.deliveriesPerSecond / bare.deliveriesPerSecond) * 100);
    const slower = Math.round((anika.p99Ms / bare.p99Ms) * 100) / 100;
    return [`${name}: ${share} % of the bare pipeline's rate, ${slower} × its p99`];
  }).join('\n');
}

type Cell = string | number;

function markdown(head: readonly Cell[], cells: readonly (readonly Cell[])[]): string {
  return [head, head.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
