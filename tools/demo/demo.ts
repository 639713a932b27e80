import { rm } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { ExplainedError } from '../explained-error.ts';
import { homeFolder, REPOSITORY } from '../home.ts';
import { asIs, counted, type Language, type Text } from '../language.ts';
import { homeHolder } from '../lock.ts';
import { openProcessRecord } from '../process-record.ts';
import { type Stack, startStack } from '../stack.ts';
import { stopSignal, untilAborted } from '../until-signal.ts';
import { createPrinter, type Printer, wantsColour } from './print.ts';
import type { Cast, Company } from './stage.ts';
import { playStory } from './story.ts';
import { curlCommands, summaryTable } from './summary.ts';
import { FRAME, SCENES } from './texts.ts';

const SETTINGS = {
  ANIKA_EGRESS_ALLOW: '127.0.0.1', // the companies' servers run on this machine
  ANIKA_RETRY_SCHEDULE: '0s,1s,1s,2s',
  ANIKA_STATS_SECONDS: '3', // nobody waits a minute for figures
};
const INTERRUPTED = 130;

/** `./anika demo`: everything from nothing, the story, everything stopped. Returns the exit code. */
export async function demo(options: { keep: boolean; lang: Language }): Promise<number> {
  const startedAt = performance.now();
  const tell = createPrinter({
    write: (text) => process.stdout.write(text),
    language: options.lang,
    colour: wantsColour(process.stdout, process.env),
    elapsedMs: () => performance.now() - startedAt,
  });
  const signal = stopSignal();
  const home = resolve(homeFolder(), 'demo');
  tell.line(tell.paint('bold', FRAME.title[options.lang]));
  tell.line(tell.paint('dim', FRAME.legend[options.lang]));
  tell.line();
  try {
    const stack = await start(home, tell, signal);
    try {
      return await show({ stack, home, tell, signal }, options);
    } finally {
      tell.line();
      tell.note(FRAME.stopping);
      await stack.stop();
      tell.note(FRAME.stopped);
    }
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    if (!(error instanceof ExplainedError)) throw error;
    process.stderr.write(`${error.text[options.lang]}\n`);
    return 1;
  }
}

async function start(home: string, tell: Printer, signal: AbortSignal): Promise<Stack> {
  await clear(home);
  tell.note(FRAME.starting);
  const stack = await startStack({
    home,
    say: tell.note,
    env: ownEnvironment(),
    signal,
  });
  tell.holds(FRAME.started(stack.api));
  return stack;
}

/** The story needs empty stores; what an earlier run left is ended and removed. */
async function clear(home: string): Promise<void> {
  if ((await homeHolder(home)) !== undefined) {
    throw new ExplainedError(FRAME.otherDemo);
  }
  await openProcessRecord(home).catch(() => undefined);
  await rm(home, { recursive: true, force: true });
}

/** Without settings of an installation that happen to be in the shell. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('ANIKA_'));
  return { ...Object.fromEntries(others), ...SETTINGS };
}

interface Show {
  readonly stack: Stack;
  readonly home: string;
  readonly tell: Printer;
  readonly signal: AbortSignal;
}

async function show({ stack, home, tell, signal }: Show, { keep }: { keep: boolean }): Promise<number> {
  const { api, operator } = stack;
  const { language } = tell;
  const companies: Company[] = [];
  const onCast = ({ dealer, bank }: Cast) => void companies.push(dealer, bank);
  const results = await playStory({ api, operator, tell, signal, onCast });
  const held = results.every((result) => result.held);
  tell.line();
  for (const row of summaryTable(results, tell)) tell.line(row);
  tell.line();
  tell.line((held ? FRAME.allHeld(counted(results.length, SCENES)) : FRAME.notHeld)[language]);
  if (!held) tell.line(FRAME.logs(relative(process.cwd(), resolve(home, 'logs')))[language]);
  const file = `./${relative(REPOSITORY, resolve(keep ? home : homeFolder(), 'stack.json'))}`;
  if (held) invite({ stack, tell, keep, file, companies });
  if (keep) {
    tell.line();
    tell.line(FRAME.keeps[language]);
    await untilAborted(signal);
  }
  return held ? 0 : 1;
}

function invite({
  stack,
  tell,
  keep,
  file,
  companies,
}: Pick<Show, 'stack' | 'tell'> & { keep: boolean; file: string; companies: readonly Company[] }): void {
  const { email, password } = stack.operator;
  const api = keep ? stack.api : 'http://127.0.0.1:8080';
  const title = (text: Text) => tell.line(tell.paint('bold', text[tell.language]));
  const item = (text: Text) => tell.line(`  ${text[tell.language]}`);
  tell.line();
  title(keep ? FRAME.whereNow : FRAME.whereLater);
  item(FRAME.console(api));
  item(FRAME.docs(api));
  item(FRAME.queues(api));
  item(keep ? FRAME.login(email, password) : FRAME.loginLater);
  if (keep) for (const one of companies) item(FRAME.company(one.title, one.email, one.password));
  tell.line();
  title(FRAME.byHand);
  for (const command of curlCommands({ api, file }, tell.language)) item(asIs(command));
}
