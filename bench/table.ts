import type { Row } from './measure.ts';
import type { PullRow } from './pulls.ts';
import type { ReplayRow } from './replays.ts';
import { SCENARIOS } from './scenarios.ts';
import type { StatsRow } from './stats.ts';
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

export function pullTable(rows: readonly PullRow[]): string {
  return markdown(
    ['pulled', 'deliveries/s', 'p50 ms', 'p99 ms', 'CPU % of a core', 'lost'],
    rows.map((row) => [
      row.what,
      row.deliveriesPerSecond ?? '',
      row.p50Ms ?? '',
      row.p99Ms ?? '',
      row.cpuPercent,
      row.lost,
    ]),
  );
}

/** The first row is what the others are compared with. */
export function statsTable(rows: readonly StatsRow[]): string {
  const [first] = rows;
  const more = (ms: number) =>
    first === undefined || first.cpuMsPerMessage === ms
      ? ''
      : `${Math.round((ms / first.cpuMsPerMessage - 1) * 1000) / 10} %`;
  return markdown(
    ['figures counted', 'CPU ms/message, with MongoDB and Redis', 'more', 'p50 ms', 'p99 ms', 'lost'],
    rows.map((row) => [
      row.counted,
      row.cpuMsPerMessage,
      more(row.cpuMsPerMessage),
      row.p50Ms,
      row.p99Ms,
      row.lost,
    ]),
  );
}

export function replayTable(rows: readonly ReplayRow[]): string {
  return markdown(
    ['50/s of a neighbour', 'p50 ms', 'p99 ms', 'replayed/s', 'lost'],
    rows.map((row) => [row.what, row.p50Ms, row.p99Ms, row.deliveriesPerSecond ?? '', row.lost]),
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

/** Each scenario beside the bare pipeline, and what a noisy neighbour costs a company. */
export function ratios(rows: readonly Row[]): string {
  const find = (scenario: string, subject: Row['subject']) =>
    rows.find((row) => row.scenario === scenario && row.subject === subject);
  const times = (one: number, other: number) => `${Math.round((one / other) * 100) / 100} ×`;
  const besideBare = SCENARIOS.flatMap(({ name }) => {
    const [anika, bare] = [find(name, 'anika'), find(name, 'bare')];
    if (anika === undefined || bare === undefined) return [];
    const share = Math.round((anika.deliveriesPerSecond / bare.deliveriesPerSecond) * 100);
    const [p50, p99] = [times(anika.p50Ms, bare.p50Ms), times(anika.p99Ms, bare.p99Ms)];
    return [`${name}: ${share} % of the bare pipeline's rate, ${p50} its p50, ${p99} its p99`];
  });
  const [quiet, noisy] = SCENARIOS.filter(({ hanging }) => hanging !== undefined).map(({ name }) =>
    find(name, 'anika'),
  );
  const besideQuiet =
    quiet === undefined || noisy === undefined
      ? []
      : [`noisy neighbour: ${times(noisy.p99Ms, quiet.p99Ms)} the p99 of the quiet one`];
  return [...besideBare, ...besideQuiet].join('\n');
}

type Cell = string | number;

function markdown(head: readonly Cell[], cells: readonly (readonly Cell[])[]): string {
  return [head, head.map(() => '---'), ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
