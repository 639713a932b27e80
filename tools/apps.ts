import { ExplainedError, reasonOf } from './explained-error.ts';
import { REPOSITORY } from './home.ts';
import { runCommand } from './run-command.ts';
import { type ProcessPlan, StillStarting } from './supervise.ts';

const MIGRATE_TIMEOUT_MS = 120_000;
const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;
const STOP_TIMEOUT_MS = 30_000;

const fromSource = (name: string) => [`apps/${name}/src/main.ts`];

/** Brings the schema of the database up to date. */
export async function migrate(env: NodeJS.ProcessEnv): Promise<void> {
  const args = [...fromSource('api'), 'migrate'];
  try {
    await runCommand(process.execPath, args, { cwd: REPOSITORY, env, timeoutMs: MIGRATE_TIMEOUT_MS });
  } catch (error) {
    const reason = reasonOf(error);
    const text = {
      ru: `Не удалось применить миграции: ${reason}`,
      en: `The migrations could not be applied: ${reason}`,
    };
    throw new ExplainedError(text, { cause: error });
  }
}

/** How to run one of the apps from its source; with `watch`, again whenever a file of it is saved. */
export function appPlan(app: {
  name: string;
  url: string;
  env: NodeJS.ProcessEnv;
  watch?: boolean | undefined;
}): ProcessPlan {
  return {
    name: app.name,
    command: process.execPath,
    args: [...(app.watch ? ['--watch-preserve-output'] : []), ...fromSource(app.name)],
    program: `apps/${app.name}/src/main.ts`,
    cwd: REPOSITORY,
    env: app.env,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: STOP_TIMEOUT_MS,
    readyTimeoutMs: READY_TIMEOUT_MS,
    probe: () => probeReady(app),
  };
}

async function probeReady({ name, url }: { name: string; url: string }): Promise<void> {
  const answer = await ask(`${url}/readyz`);
  const text = await answer.text();
  if (answer.status === 200) return;
  if (/"missing":\["indexes"\]/.test(text)) {
    throw new StillStarting({
      ru: `${name}: MongoDB строит индексы; если данных много, это займёт время …`,
      en: `${name}: MongoDB is making indexes, which takes a while where much is stored …`,
    });
  }
  throw new Error(`/readyz answers ${answer.status}: ${text}`);
}

async function ask(url: string): Promise<Response> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw new Error(`${url} does not answer: ${reasonOf(cause)}`, { cause: error });
  }
}
