import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from '../tools/explained-error.ts';
import { homeFolder } from '../tools/home.ts';
import { stopSignal } from '../tools/until-signal.ts';
import { AREAS, type Fault } from './fault.ts';
import { openGround } from './ground.ts';
import { CRASHES } from './rows/crashes.ts';
import { NETWORK_FAULTS } from './rows/network.ts';
import { RACES } from './rows/races.ts';
import { soak } from './rows/soak.ts';
import { STORE_FAULTS } from './rows/stores.ts';
import { type Row, runFault } from './run-fault.ts';
import { describeFault, describeRow, table } from './table.ts';

const SOAK_MINUTES = 20;
/** All that can be asked for. */
export const FAULTS: readonly Fault[] = [
  ...CRASHES,
  ...STORE_FAULTS,
  ...NETWORK_FAULTS,
  ...RACES,
  soak(SOAK_MINUTES),
];

export type FaultsOptions = {
  readonly list: boolean;
  /** Names, or parts of names, or areas. */
  readonly only: readonly string[];
  readonly seed: number | undefined;
};

/** `./anika faults`: lets things go wrong, one after the other, and shows what became of the messages. */
export async function runFaults(options: FaultsOptions, say: (line: string) => void): Promise<number> {
  if (options.list) {
    for (const fault of FAULTS) say(describeFault(fault));
    return 0;
  }
  const chosen = chooseFaults(options.only);
  const seed = options.seed ?? randomInt(2 ** 31);
  const signal = stopSignal();
  const ground = await openGround(homeFolder(), say);
  const rows: Row[] = [];
  try {
    say(`${chosen.length} faults, seed ${seed}\n`);
    for (const [index, fault] of chosen.entries()) {
      if (signal.aborted) break;
      say(`${index + 1}/${chosen.length} ${fault.name}: ${fault.about}`);
      const row = await runFault(fault, ground, seed);
      rows.push(row);
      for (const line of describeRow(row)) say(`    ${line}`);
      await writeFile(
        join(ground.home, 'result.json'),
        JSON.stringify({ at: new Date(), seed, rows }, null, 2),
      );
    }
  } finally {
    await ground.stop();
  }
  say(`\n${table(rows)}`);
  const broken = rows.filter((row) => row.findings.length > 0);
  say(
    broken.length === 0
      ? `\nThe promise was kept in all ${rows.length}.`
      : `\nBroken in ${broken.length} of ${rows.length}: ${broken.map((row) => row.fault).join(', ')}. Again: ./anika faults --seed ${seed} --only ${broken.map((row) => row.fault).join(',')}`,
  );
  return broken.length === 0 && rows.length === chosen.length ? 0 : 1;
}

/** @throws ExplainedError when a name fits none */
export function chooseFaults(only: readonly string[]): readonly Fault[] {
  if (only.length === 0) return FAULTS.filter((fault) => fault.isLong !== true);
  for (const name of only) {
    if (!FAULTS.some((fault) => fits(fault, name))) {
      throw new ExplainedError(
        `No fault is called ${name}: see ./anika faults --list. Areas: ${AREAS.join(', ')}.`,
      );
    }
  }
  return FAULTS.filter((fault) => only.some((name) => fits(fault, name)));
}

function fits(fault: Fault, name: string): boolean {
  return fault.area === name || fault.name.includes(name);
}
