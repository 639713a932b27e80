import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError, lastWords, reasonOf } from '../explained-error.ts';
import { ensureFolder, SOFTWARE } from '../home.ts';
import { asIs } from '../language.ts';
import { findProgram, runCommand } from '../run-command.ts';
import type { KnownIds } from './known-ids.ts';
import { withKnownIds } from './known-ids.ts';
import type { FuzzFailure } from './report.ts';

const VERSION = '4.32.5';
const INSTALL_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 600_000;

/** What schemathesis checks of each answer; refusals are looked at in their own way by the rows. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
  'ignored_auth',
];

/**
 * The program, from PyPI into a virtual environment of its own; made once.
 * @throws ExplainedError when there is no Python that could
 */
export async function ensureSchemathesis(say: (line: string) => void): Promise<string> {
  const folder = join(SOFTWARE, `schemathesis-${VERSION}`);
  const program = join(folder, 'bin', 'schemathesis');
  if (existsSync(join(folder, 'complete'))) return program;
  const python = findProgram('python3');
  if (python === undefined) throw missing('there is no python3 on PATH');
  say(`Installing schemathesis ${VERSION} …`);
  await ensureFolder(SOFTWARE);
  await rm(folder, { recursive: true, force: true });
  const options = { timeoutMs: INSTALL_TIMEOUT_MS };
  // A virtual environment cannot be moved: what was interrupted is known by the file that is written last.
  await runCommand(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'], options).catch(() => {
    throw missing('python3 is older than 3.11');
  });
  await runCommand(python, ['-m', 'venv', folder], options).catch((error: unknown) => {
    throw missing(`python3 -m venv does not work (${reasonOf(error)})`);
  });
  await runCommand(
    join(folder, 'bin', 'pip'),
    ['install', '--quiet', `schemathesis==${VERSION}`],
    options,
  ).catch((error: unknown) => {
    throw new ExplainedError(asIs(`Cannot install schemathesis ${VERSION} from PyPI: ${reasonOf(error)}`));
  });
  await writeFile(join(folder, 'draft'), `${VERSION}\n`);
  await rename(join(folder, 'draft'), join(folder, 'complete'));
  return program;
}

function missing(reason: string): ExplainedError {
  return new ExplainedError(
    asIs(
      `./anika fuzz needs Python 3.11 or newer with venv, and ${reason}: install it (Debian: apt-get install python3-venv), or give --only rows to leave schemathesis out.`,
    ),
  );
}

export type SchemathesisRun = {
  readonly program: string;
  /** For its files; emptied first. */
  readonly folder: string;
  readonly apiUrl: string;
  /** None: anonymous. */
  readonly token: string | undefined;
  readonly known: KnownIds;
  readonly examples: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

/** Runs it over all operations and returns the file with its report. */
export async function runSchemathesis(run: SchemathesisRun): Promise<string> {
  await rm(run.folder, { recursive: true, force: true });
  await ensureFolder(run.folder);
  const response = await fetch(`${run.apiUrl}/openapi.json`);
  const document = withKnownIds(await response.json(), run.known);
  await writeFile(join(run.folder, 'openapi.json'), JSON.stringify(document));
  await writeFile(join(run.folder, 'config.toml'), configOf(run), { mode: 0o600 });
  const child = spawn(run.program, argumentsOf(run), {
    cwd: run.folder,
    env: { PATH: process.env.PATH, HOME: run.folder, PYTHONUTF8: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_TIMEOUT_MS,
    signal: run.signal,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-10_000);
    });
  }
  const [code, signal] = await once(child, 'close');
  // 1: there were failures, which are in the report.
  if (code === 0 || code === 1) return join(run.folder, 'events.ndjson');
  throw new Error(
    `schemathesis ended by ${signal ?? `exit code ${code}`}: ${lastWords(output, 4).slice(0, 500)}`,
  );
}

/** What would end the session that all the rest is asked with, by id; apps/api/src/auth/sessions.int.test.ts asks for it. */
const LEFT_OUT: ReadonlyMap<string, string> = new Map([
  ['endSessions', 'DELETE /v1/auth/sessions'],
  ['closeBrowserSession', 'DELETE /v1/auth/session'],
]);

/** Whether it was found only since schemathesis does not know what was left out. */
export function isOfLeftOut({ check, operation, request }: FuzzFailure): boolean {
  if (check !== 'unsupported_method') return false;
  const [method] = request.split(' ');
  const [, path] = operation.split(' ');
  return [...LEFT_OUT.values()].includes(`${method} ${path}`);
}

/** A file, since arguments are seen by everybody on the machine. Ids found in answers are not used: nobody else's are. */
function configOf({ token }: SchemathesisRun): string {
  const phases = ['examples', 'coverage', 'fuzzing'].map(
    (name) => `[phases.${name}]\nextra-data-sources = { responses = false }\n`,
  );
  const headers = token === undefined ? '' : `headers = { Authorization = "Bearer ${token}" }\n`;
  return `${headers}[cache]\nenabled = false\n${phases.join('')}`;
}

function argumentsOf({ apiUrl, examples, seed, token }: SchemathesisRun): string[] {
  // Whether a credential is looked at can be asked only with one.
  const checks = CHECKS.filter((name) => token !== undefined || name !== 'ignored_auth');
  return [
    ...['--config-file', 'config.toml', '--no-color', 'run', 'openapi.json', '--url', apiUrl],
    ...['--phases', 'examples,coverage,fuzzing', '--checks', checks.join(',')],
    ...['--max-examples', String(examples), '--seed', String(seed), '--workers', '1'],
    ...['--continue-on-failure', '--no-shrink', '--suppress-health-check', 'all'],
    ...['--generation-database', 'none', '--output-sanitize', 'false', '--request-timeout', '30'],
    ...(token === undefined ? [] : [...LEFT_OUT.keys()].flatMap((id) => ['--exclude-operation-id', id])),
    ...['--report', 'ndjson', '--report-ndjson-path', 'events.ndjson'],
  ];
}
