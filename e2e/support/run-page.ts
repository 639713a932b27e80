import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { printedDifferences, type Step, stepsOf } from '../../tools/checks/transcript.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Between what the steps print. */
const STEP_ENDS = '\u001e';
/** A problem document, or an item of a batch that was refused. */
const REFUSED = /"type":"urn:anika:error:|"status":[45]\d\d/;

export type PageRun = {
  /** One line for each step that did not do what the page says. */
  readonly findings: readonly string[];
  /** What each step printed. */
  readonly printed: readonly string[];
};

export type PageOptions = {
  /** What the page takes for granted. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Told whenever a step has ended. */
  readonly onStep?: () => void;
};

/**
 * Does what pages of the documents say, one after the other in one shell, in a folder where `.anika/stack.json` is as `./anika up` leaves
 * it. A step with an answer prints that alone; one without is refused nothing.
 */
export async function runPage(
  paths: readonly string[],
  stack: { readonly api: string; readonly operator: { readonly email: string; readonly password: string } },
  options: PageOptions = {},
): Promise<PageRun> {
  const pages = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(ROOT, path), 'utf8');
      return stepsOf(text).map((step) => ({ ...step, at: `${path}:${step.line}` }));
    }),
  );
  const steps = pages.flat();
  const folder = await mkdtemp(join(tmpdir(), 'anika-page-'));
  try {
    await mkdir(join(folder, '.anika'));
    await writeFile(join(folder, '.anika', 'stack.json'), JSON.stringify(stack));
    await writeLauncher(folder);
    const { code, output, errors } = await runShell(steps, { folder, ...options });
    const printed = output.split(STEP_ENDS).map((text) => text.trim());
    const findings = steps.flatMap((step, index) =>
      findingsOf(step, printed[index]).map((finding) => `${step.at}: ${finding}`),
    );
    return {
      findings: code === 0 ? findings : [...findings, `the shell ended with ${code}: ${errors}`],
      printed,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As in the folder of ANIKA, but that what is typed is read and written here. */
async function writeLauncher(folder: string): Promise<void> {
  const path = join(folder, 'anika');
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'tools', 'cli.ts')}' "$@"\n`);
  await chmod(path, 0o755);
}

type Place = PageOptions & { readonly folder: string };

async function runShell(steps: readonly Step[], { folder, variables, onStep }: Place) {
  const script = steps.map(({ script }) => `${script}\nprintf '\\036'\n`).join('');
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, LC_ALL: 'C.UTF-8', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.output += text;
    if (text.includes(STEP_ENDS)) onStep?.();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  const [code] = await once(child, 'close');
  return { code, ...texts };
}

function findingsOf({ answer }: Step, printed: string | undefined): string[] {
  if (printed === undefined) return ['was not reached'];
  if (answer !== undefined) return printedDifferences(answer, printed);
  if (REFUSED.test(printed)) return [`is refused: ${printed}`];
  return /^undefined$/m.test(printed) ? [`finds nothing where it looks: ${printed}`] : [];
}
