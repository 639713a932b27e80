import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from '../explained-error.ts';
import { ensureFolder, homeFolder, writeJson } from '../home.ts';
import { findRunningServers, startHomeServers } from '../home-servers.ts';
import { asIs, inEnglish } from '../language.ts';
import { stopSignal } from '../until-signal.ts';
import { type Anika, startAnika } from './anika.ts';
import { ROLES, type RoleName, type RoleResult, runRole } from './roles.ts';
import { type RowResult, runRows } from './rows.ts';
import { ensureSchemathesis } from './schemathesis.ts';
import { findingLines, summary } from './summary.ts';

const PARTS = [...ROLES, 'rows'] as const;
type Part = RoleName | 'rows';

export type FuzzOptions = {
  /** Roles, or `rows` for the stateful rows; none: all. */
  readonly only: readonly string[];
  /** Made-up requests for each operation and role, beside those that schemathesis derives itself. */
  readonly examples: number;
  readonly seed: number | undefined;
};

type Ran = { readonly roles: readonly RoleResult[]; readonly rows: readonly RowResult[] };

/** `./anika fuzz`: asks a running ANIKA for everything that its document allows and does not. Returns the exit code. */
export async function runFuzz(options: FuzzOptions, say: (line: string) => void): Promise<number> {
  const parts = choose(options.only);
  const roles = ROLES.filter((role) => parts.includes(role));
  const seed = options.seed ?? randomInt(2 ** 31);
  const program = roles.length === 0 ? '' : await ensureSchemathesis(say);
  const signal = stopSignal();
  const folder = await ensureFolder(homeFolder(), 'fuzz');
  const running = await findRunningServers(homeFolder());
  const servers = running
    ? { urls: running, stop: async () => undefined }
    : await startHomeServers({ home: folder, say: inEnglish(say) });
  try {
    say(`Starting ANIKA; seed ${seed}, ${options.examples} examples an operation and role …`);
    const anika = await startAnika(servers.urls);
    try {
      const play = { anika, program, folder, examples: options.examples, seed, signal };
      const ran = await runParts(play, { roles, withRows: parts.includes('rows'), say });
      return await report({ ...ran, seed, examples: options.examples, stopped: signal.aborted }, say);
    } finally {
      await anika.stop();
    }
  } finally {
    await servers.stop();
  }
}

type Play = {
  readonly anika: Anika;
  readonly program: string;
  readonly folder: string;
  readonly examples: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

async function runParts(
  { folder, ...play }: Play,
  { roles, withRows, say }: { roles: readonly RoleName[]; withRows: boolean; say: (line: string) => void },
): Promise<Ran> {
  const results: RoleResult[] = [];
  for (const role of roles) {
    if (play.signal.aborted) break;
    say(`${role} …`);
    const result = await runRole({ ...play, role, folder: join(folder, role) });
    for (const line of findingLines(result)) say(`  ${line}`);
    results.push(result);
  }
  if (!withRows || play.signal.aborted) return { roles: results, rows: [] };
  say('stateful rows …');
  const rows = await runRows(play.anika, ({ title, findings }) => {
    if (findings.length > 0) say(`  FAILED ${title}`);
  });
  return { roles: results, rows };
}

type Outcome = Ran & { readonly seed: number; readonly examples: number; readonly stopped: boolean };

async function report(outcome: Outcome, say: (line: string) => void): Promise<number> {
  const file = join(homeFolder(), 'fuzz.json');
  await rm(file, { force: true });
  await writeJson(file, { at: new Date(), ...outcome });
  say(`\n${summary(outcome)}`);
  const found =
    outcome.roles.reduce((sum, { findings }) => sum + findings.length, 0) +
    outcome.rows.filter(({ findings }) => findings.length > 0).length;
  if (outcome.stopped) say('\nStopped before its end.');
  else if (found === 0) say('\nNothing found.');
  else say(`\n${found} found; all of it in ${file}. Again: ./anika fuzz --seed ${outcome.seed}`);
  return found === 0 && !outcome.stopped ? 0 : 1;
}

function choose(only: readonly string[]): readonly Part[] {
  if (only.length === 0) return PARTS;
  for (const name of only) {
    if (!PARTS.some((part) => part === name)) {
      throw new ExplainedError(
        asIs(`There is nothing called ${name} to run: give any of ${PARTS.join(', ')}.`),
      );
    }
  }
  return PARTS.filter((part) => only.includes(part));
}
