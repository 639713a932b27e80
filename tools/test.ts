import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findChromium, NO_CHROMIUM } from './chromium.ts';
import { reasonOf } from './explained-error.ts';
import { homeFolder, REPOSITORY } from './home.ts';
import { findRunningServers, startHomeServers } from './home-servers.ts';
import { inEnglish } from './language.ts';
import type { ServerUrls } from './servers.ts';
import { createTestRun, type TestRun } from './test-run.ts';
import { stopSignal } from './until-signal.ts';

const DOCS_CHECK = 'tools/checks/docs.ts';
/** The suites that need real servers. */
const ON_SERVERS = ['int', 'e2e', 'e2e-alone'];
const SOURCES = ['apps', 'libs', 'tools', 'e2e', 'bench', 'faults'];

/** `./anika test`: every check and every test, also after a failure. Returns the exit code. */
export async function runTests(args: readonly string[], say: (line: string) => void): Promise<number> {
  const signal = stopSignal();
  const run = createTestRun({ say, signal, results: join(homeFolder(), 'test-results') });
  await runChecks(run);
  if (findChromium() === undefined) say(NO_CHROMIUM);
  else await run.suite('browser', args, {});
  const servers = await provide(run, say);
  try {
    await runSuites(run, args, servers?.urls);
  } finally {
    await servers?.stop();
  }
  return run.report({ needsTests: args.length > 0 });
}

async function runChecks(run: TestRun): Promise<void> {
  const folders = SOURCES.filter((folder) => existsSync(resolve(REPOSITORY, folder)));
  await run.check('format, lint', binary('biome'), ['check', '.']);
  await run.check('types', binary('tsc'), ['-p', 'tsconfig.json']);
  await run.check('types, console', binary('tsc'), ['-p', 'apps/console/tsconfig.browser.json']);
  await run.check('imports', binary('depcruise'), ['--config', '.dependency-cruiser.cjs', ...folders]);
  if (existsSync(resolve(REPOSITORY, DOCS_CHECK))) {
    await run.check('documents', process.execPath, [DOCS_CHECK]);
  }
  await run.check('console', process.execPath, ['tools/checks/console-size.ts']);
}

interface Provided {
  readonly urls: ServerUrls;
  stop(): Promise<void>;
}

async function provide(run: TestRun, say: (line: string) => void): Promise<Provided | undefined> {
  let provided: Provided | undefined;
  await run.step('servers', async () => {
    try {
      const home = homeFolder();
      const running = await findRunningServers(home);
      provided = running
        ? { urls: running, stop: async () => undefined }
        : await startHomeServers({ home, say: inEnglish(say) });
      return { passed: 1, failed: 0 };
    } catch (error) {
      say(reasonOf(error));
      return { passed: 0, failed: 1 };
    }
  });
  return provided;
}

async function runSuites(run: TestRun, args: readonly string[], urls: ServerUrls | undefined): Promise<void> {
  await run.suite('unit', args, {});
  if (!urls) {
    for (const name of ON_SERVERS) await run.step(name, async () => ({ passed: 0, failed: 1 }));
    return;
  }
  const env = {
    ANIKA_TEST_DATABASE_URL: urls.databaseUrl,
    ANIKA_TEST_MONGODB_URL: urls.mongodbUrl,
    ANIKA_TEST_REDIS_URL: urls.redisUrl,
  };
  for (const name of ON_SERVERS) await run.suite(name, args, env);
}

function binary(name: string): string {
  return resolve(REPOSITORY, 'node_modules', '.bin', name);
}
