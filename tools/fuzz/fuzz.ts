import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from '../explained-error.ts';
import { ensureFolder, homeFolder, writeJson } from '../home.ts';
import { findRunningServers, startHomeServers } from '../home-servers.ts';
import { asIs, inEnglish } from '../language.ts';
import { stopSignal } from '../until-signal.ts';
import { type Anika, startAnika } from './anika.ts';
import { type Beside, besideHostile, type Neighbours, openNeighbours } from './beside-hostile.ts';
import { ROLES, type RoleName, type RoleResult, runRole } from './roles.ts';
import { type RowResult, runRows } from './rows.ts';
import { ensureSchemathesis } from './schemathesis.ts';
import { runShapes, type ShapeResult } from './shapes.ts';
import { measureSizes, type SizeResult } from './sizes.ts';
import { findingLines, summary } from './summary.ts';

const PARTS = [...ROLES, 'rows', 'sizes'] as const;
type Part = RoleName | 'rows' | 'sizes';
/** With ten kinds of shapes less than a minute. */
const SHAPE_SECONDS = 4;

export type FuzzOptions = {
  /** Roles, `rows` for the stateful rows, `sizes` for costly requests by their size; none: all. */
  readonly only: readonly string[];
  /** Made-up requests for each operation and role, beside those that schemathesis derives itself. */
  readonly examples: number;
  readonly seed: number | undefined;
};

type Ran = {
  readonly roles: readonly RoleResult[];
  readonly rows: readonly RowResult[];
  readonly shapes: readonly ShapeResult[];
  readonly sizes: readonly SizeResult[];
};

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
      const asked = { roles, withRows: parts.includes('rows'), withSizes: parts.includes('sizes') };
      const ran = await runParts(play, { ...asked, say });
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

type Parts = {
  readonly roles: readonly RoleName[];
  readonly withRows: boolean;
  readonly withSizes: boolean;
  readonly say: (line: string) => void;
};

/** All of it beside a company that sends what is known to cost much. */
async function runParts({ folder, ...play }: Play, { roles, withRows, withSizes, say }: Parts): Promise<Ran> {
  const { anika, signal } = play;
  const neighbours = await openNeighbours(anika);
  if (withSizes) say('costly requests by their size …');
  const sizes = withSizes ? await measureSizes(anika, neighbours) : [];
  const results: RoleResult[] = [];
  for (const role of roles) {
    if (signal.aborted) break;
    say(`${role} …`);
    const run = () => runRole({ ...play, role, folder: join(folder, role) });
    const result = withDelay(await beside(anika, neighbours, run));
    for (const line of findingLines(result)) say(`  ${line}`);
    results.push(result);
  }
  if (!withRows || signal.aborted) return { roles: results, rows: [], shapes: [], sizes };
  say('costly shapes, one kind after the other …');
  const shapes = await runShapes(anika, { neighbours, seconds: SHAPE_SECONDS, signal });
  say('stateful rows …');
  const { result, delay, findings } = await beside(anika, neighbours, () =>
    runRows(anika, ({ title, findings: found }) => {
      if (found.length > 0) say(`  FAILED ${title}`);
    }),
  );
  const title = `a hostile company beside all of these holds nobody up: event loop p99 ${delay.p99Ms} ms, at most ${delay.maxMs} ms`;
  return { roles: results, rows: [...result, { title, seconds: 0, findings }], shapes, sizes };
}

function beside<T>(anika: Anika, neighbours: Neighbours, work: () => Promise<T>): Promise<Beside<T>> {
  const shapes = neighbours.kinds.flatMap((kind) => kind.shapes);
  return besideHostile(anika, { neighbours, shapes }, work);
}

function withDelay({ result, delay, findings }: Beside<RoleResult>): RoleResult {
  const more = findings.map((message) => ({ operation: '', check: 'neighbours', message, count: 1 }));
  return { ...result, delay, findings: [...result.findings, ...more] };
}

type Outcome = Ran & { readonly seed: number; readonly examples: number; readonly stopped: boolean };

async function report(outcome: Outcome, say: (line: string) => void): Promise<number> {
  const file = join(homeFolder(), 'fuzz.json');
  await rm(file, { force: true });
  await writeJson(file, { at: new Date(), ...outcome });
  say(`\n${summary(outcome)}`);
  const found =
    outcome.roles.reduce((sum, { findings }) => sum + findings.length, 0) +
    [...outcome.rows, ...outcome.shapes].filter(({ findings }) => findings.length > 0).length;
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
