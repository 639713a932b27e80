import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ExplainedError } from '../tools/explained-error.ts';
import { homeFolder } from '../tools/home.ts';
import { asIs } from '../tools/language.ts';
import { stopSignal } from '../tools/until-signal.ts';
import { AREAS, type Fault } from './fault.ts';
import { openGround, openSmallGround } from './ground.ts';
import { BACKLOGS } from './rows/backlog.ts';
import { CRASHES } from './rows/crashes.ts';
import { DISK_FAULTS } from './rows/disk.ts';
import { ENDPOINT_FAULTS } from './rows/endpoints.ts';
import { ERASURES } from './rows/erasures.ts';
import { HOSTILE_COMPANIES } from './rows/hostile-companies.ts';
import { MANY_JOBS } from './rows/many-jobs.ts';
import { NETWORK_FAULTS } from './rows/network.ts';
import { PULL_FAULTS } from './rows/pulls.ts';
import { RACES } from './rows/races.ts';
import { REPLAYS } from './rows/replays.ts';
import { SCHEDULES } from './rows/schedules.ts';
import { soak } from './rows/soak.ts';
import { STORE_FAULTS } from './rows/stores.ts';
import { type Row, runFault } from './run-fault.ts';
import { describeFault, describeRow, table } from './table.ts';

/** All that can be asked for, but the soak. */
export const FAULTS: readonly Fault[] = [
  ...CRASHES,
  ...MANY_JOBS,
  ...PULL_FAULTS,
  ...REPLAYS,
  ...STORE_FAULTS,
  ...NETWORK_FAULTS,
  ...RACES,
  ...SCHEDULES,
  ...ERASURES,
  ...BACKLOGS,
  ...DISK_FAULTS,
  ...ENDPOINT_FAULTS,
  ...HOSTILE_COMPANIES,
];

export type FaultsOptions = {
  readonly list: boolean;
  /** Names, or parts of names, or areas. */
  readonly only: readonly string[];
  readonly seed: number | undefined;
  /** How long the soak takes. */
  readonly minutes: number;
};

/** `./anika faults`: lets things go wrong, one after the other, and shows what became of the messages. */
export async function runFaults(options: FaultsOptions, say: (line: string) => void): Promise<number> {
  const all = [...FAULTS, soak(options.minutes)];
  if (options.list) {
    for (const fault of all) say(describeFault(fault));
    return 0;
  }
  const chosen = possible(chooseFaults(all, options.only), say);
  const seed = options.seed ?? randomInt(2 ** 31);
  const signal = stopSignal();
  const rows: Row[] = [];
  say(`${chosen.length} faults, seed ${seed}`);
  const groups = [
    { faults: chosen.filter((fault) => !fault.onSmallDisk), open: openGround },
    { faults: chosen.filter((fault) => fault.onSmallDisk), open: openSmallGround },
  ];
  for (const { faults, open } of groups) {
    if (faults.length === 0 || signal.aborted) continue;
    const ground = await open(homeFolder(), say);
    if (ground === undefined) {
      say(`Left out, only root can mount a small disk: ${faults.map(({ name }) => name).join(', ')}`);
      continue;
    }
    try {
      for (const fault of faults) {
        if (signal.aborted) break;
        say(`\n${rows.length + 1}/${chosen.length} ${fault.name}: ${fault.about}`);
        const row = await runFault(fault, ground, { seed, signal });
        rows.push(row);
        for (const line of describeRow(row)) say(`    ${line}`);
        await writeResult({ seed, rows });
      }
    } finally {
      await ground.stop();
    }
  }
  say(`\n${table(rows)}`);
  const broken = rows.filter((row) => row.findings.length > 0);
  say(
    broken.length === 0
      ? `\nThe promise was kept in all ${rows.length}.`
      : `\nBroken in ${broken.length} of ${rows.length}: ${broken.map((row) => row.fault).join(', ')}. Again: ./anika faults --seed ${seed} --only ${broken.map((row) => row.fault).join(',')}`,
  );
  return broken.length === 0 && !signal.aborted ? 0 : 1;
}

/** Without those that this user cannot make happen. */
function possible(faults: readonly Fault[], say: (line: string) => void): readonly Fault[] {
  if (process.getuid?.() === 0) return faults;
  const left = faults.filter((fault) => fault.withNames);
  if (left.length > 0) {
    say(`Left out, only root can give programs a name server: ${left.map(({ name }) => name).join(', ')}`);
  }
  return faults.filter((fault) => !fault.withNames);
}

async function writeResult(result: { seed: number; rows: readonly Row[] }): Promise<void> {
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
  const file = join(homeFolder(), 'faults', 'result.json');
  await writeFile(file, JSON.stringify({ at: new Date(), machine, ...result }, null, 2));
}

/** @throws ExplainedError when a name fits none */
export function chooseFaults(all: readonly Fault[], only: readonly string[]): readonly Fault[] {
  if (only.length === 0) return all.filter((fault) => fault.isLong !== true);
  for (const name of only) {
    if (!all.some((fault) => fits(fault, name))) {
      throw new ExplainedError(
        asIs(`No fault is called ${name}: see ./anika faults --list. Areas: ${AREAS.join(', ')}.`),
      );
    }
  }
  return all.filter((fault) => only.some((name) => fits(fault, name)));
}

function fits(fault: Fault, name: string): boolean {
  return fault.area === name || fault.name.includes(name);
}
