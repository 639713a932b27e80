import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ensureFolder, REPOSITORY, readJson } from './home.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** The steps of one `./anika test`, counted and timed. Once it is stopped, no further step is begun. */
export interface TestRun {
  step(name: string, work: () => Promise<Counts>): Promise<void>;
  /** A program that passes or fails as a whole; what it prints is shown when it fails. */
  check(name: string, command: string, args: readonly string[]): Promise<void>;
  /** One of vitest's projects. */
  suite(project: string, args: readonly string[], env: Record<string, string>): Promise<void>;
  /** Prints the table and the last line, and returns the exit code. */
  report(options: { needsTests: boolean }): number;
}

interface TestRunOptions {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** Folder of vitest's JSON reports. */
  readonly results: string;
}

interface Step extends Counts {
  readonly name: string;
  readonly seconds: number;
}

export function createTestRun({ say, signal, results }: TestRunOptions): TestRun {
  const steps: Step[] = [];
  let tests = 0;

  async function step(name: string, work: () => Promise<Counts>): Promise<void> {
    if (signal.aborted) return;
    say(`— ${name} …`);
    const startedAt = performance.now();
    const counts = await work();
    const seconds = (performance.now() - startedAt) / 1000;
    steps.push({ name, seconds, ...counts });
    say(`— ${name}: ${counts.failed === 0 ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)`);
  }

  return {
    step,
    check: (name, command, args) =>
      step(name, async () => {
        const { code, output } = await runQuietly(command, args, signal);
        if (code !== 0) say(output.trimEnd());
        return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
      }),
    suite: (project, args, env) =>
      step(project, async () => {
        const counts = await runVitest({ project, args, env, signal, results });
        tests += counts.passed + counts.failed;
        return counts;
      }),
    report({ needsTests }) {
      const found = needsTests && tests === 0 ? [{ name: 'no test matches', seconds: 0, ...FAILED }] : [];
      const rows = signal.aborted
        ? [...steps, { name: 'stopped', seconds: 0, ...FAILED }]
        : [...steps, ...found];
      return printReport(rows, say);
    },
  };
}

/** Of a project that is not in the configuration of all others. */
const CONFIGS: Readonly<Record<string, string>> = { browser: 'vitest.browser.config.mjs' };
const FAILED: Counts = { passed: 0, failed: 1 };

function printReport(steps: readonly Step[], say: (line: string) => void): number {
  say('');
  say(`${'step'.padEnd(16)}${'seconds'.padStart(8)}${'passed'.padStart(8)}${'failed'.padStart(8)}`);
  for (const { name, seconds, passed, failed } of steps) {
    const numbers = [seconds.toFixed(1), passed, failed].map((value) => String(value).padStart(8));
    say(`${name.padEnd(16)}${numbers.join('')}`);
  }
  const passed = steps.reduce((sum, step) => sum + step.passed, 0);
  const failed = steps.reduce((sum, step) => sum + step.failed, 0);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function runQuietly(command: string, args: readonly string[], signal: AbortSignal) {
  const child = spawn(command, args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await exitCode(child);
  return { code, output };
}

function exitCode(child: ChildProcess): Promise<number | null> {
  // A program that is missing or was stopped also closes, without code 0.
  child.on('error', () => undefined);
  return new Promise((resolve) => child.once('close', resolve));
}

interface SuiteRun {
  readonly project: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly signal: AbortSignal;
  readonly results: string;
}

async function runVitest({ project, args, env, signal, results }: SuiteRun): Promise<Counts> {
  const report = join(await ensureFolder(results), `${project}.json`);
  await rm(report, { force: true });
  const options = [
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(CONFIGS[project] === undefined ? [] : [`--config=${CONFIGS[project]}`]),
  ];
  const child = spawn(
    resolve(REPOSITORY, 'node_modules', '.bin', 'vitest'),
    ['run', '--project', project, ...options, ...args],
    { cwd: REPOSITORY, stdio: 'inherit', env: { ...process.env, ...env }, signal },
  );
  const code = await exitCode(child);
  return countTests(await readJson(report), code === 0);
}

/** A file that cannot be loaded, or an error outside of all tests, is one failure more. */
export function countTests(report: unknown, succeeded: boolean): Counts {
  const counts = isReport(report) ? report : { numPassedTests: 0, numFailedTests: 0 };
  const unexplained = !succeeded && counts.numFailedTests === 0 ? 1 : 0;
  return { passed: counts.numPassedTests, failed: counts.numFailedTests + unexplained };
}

function isReport(value: unknown): value is { numPassedTests: number; numFailedTests: number } {
  if (typeof value !== 'object' || value === null) return false;
  return 'numPassedTests' in value && 'numFailedTests' in value;
}
