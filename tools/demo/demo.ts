import { rm } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { ExplainedError } from '../explained-error.ts';
import { homeFolder, REPOSITORY } from '../home.ts';
import { homeHolder } from '../lock.ts';
import { openProcessRecord } from '../process-record.ts';
import { type Stack, startStack } from '../stack.ts';
import { stopSignal, untilAborted } from '../until-signal.ts';
import { createPrinter, type Printer, wantsColour } from './print.ts';
import { playStory } from './story.ts';
import { curlCommands, type SceneResult, summaryTable } from './summary.ts';

const SETTINGS = {
  ANIKA_EGRESS_ALLOW: '127.0.0.1', // the companies' servers run on this machine
  ANIKA_RETRY_SCHEDULE: '0s,1s,1s,2s',
};
const INTERRUPTED = 130;
/** What the launcher says at every start; the rest is rare and stays as it is. */
const IN_RUSSIAN: Readonly<Record<string, string>> = {
  'Applying the migrations …': 'применяю миграции …',
  'Starting API and dispatcher …': 'запускаю API и диспетчер …',
};

/** `./anika demo`: everything from nothing, the story, everything stopped. Returns the exit code. */
export async function demo(options: { keep: boolean }): Promise<number> {
  const startedAt = performance.now();
  const tell = createPrinter({
    write: (text) => process.stdout.write(text),
    colour: wantsColour(process.stdout, process.env),
    elapsedMs: () => performance.now() - startedAt,
  });
  const signal = stopSignal();
  const home = resolve(homeFolder(), 'demo');
  tell.line(
    tell.paint('bold', 'АНИКА: компании узнают о событиях друг друга сразу – и только то, что им разрешено'),
  );
  tell.line(tell.paint('dim', 'слева – секунды от запуска · → действие · ✓ проверено · Ctrl-C – остановить'));
  tell.line();
  try {
    const stack = await start(home, tell, signal);
    try {
      return await show({ stack, home, tell, signal }, options);
    } finally {
      tell.line();
      tell.note('останавливаю всё, что было запущено …');
      await stack.stop();
      tell.note('остановлено');
    }
  } catch (error) {
    if (signal.aborted) return INTERRUPTED;
    throw error;
  }
}

async function start(home: string, tell: Printer, signal: AbortSignal): Promise<Stack> {
  await clear(home);
  tell.note('запускаю PostgreSQL, MongoDB и Redis с пустыми данными …');
  const stack = await startStack({
    home,
    say: (text) => tell.note(IN_RUSSIAN[text] ?? text),
    env: ownEnvironment(),
    signal,
  });
  tell.holds(`всё запущено и отвечает: ${stack.api}`);
  return stack;
}

/** The story needs empty stores; what an earlier run left is ended and removed. */
async function clear(home: string): Promise<void> {
  if ((await homeHolder(home)) !== undefined) {
    throw new ExplainedError('Another demo is running: stop it first, or set ANIKA_HOME to another folder.');
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
  const results = await playStory({ api, operator, tell, signal });
  const held = results.every((result) => result.held);
  tell.line();
  for (const row of summaryTable(results, tell.paint)) tell.line(row);
  tell.line();
  tell.line(verdict(results, held));
  if (!held) tell.line(`Журналы программ: ${relative(process.cwd(), resolve(home, 'logs'))}`);
  const file = `./${relative(REPOSITORY, resolve(keep ? home : homeFolder(), 'stack.json'))}`;
  if (held) invite({ stack, tell, keep, file });
  if (keep) {
    tell.line('\nСтенд работает; Ctrl-C остановит его.');
    await untilAborted(signal);
  }
  return held ? 0 : 1;
}

function verdict(results: readonly SceneResult[], held: boolean): string {
  return held ? `Всё подтвердилось, сцен: ${results.length}.` : 'Не подтвердилось; см. строку с ✗ выше.';
}

function invite({
  stack,
  tell,
  keep,
  file,
}: Pick<Show, 'stack' | 'tell'> & { keep: boolean; file: string }): void {
  const api = keep ? stack.api : 'http://127.0.0.1:8080';
  tell.line();
  tell.line(tell.paint('bold', keep ? 'Где смотреть' : 'Где смотреть (после ./anika up)'));
  tell.line(`  описание API  ${api}/docs`);
  tell.line(`  очереди       ${api}/admin/queues`);
  tell.line(
    `  вход          ${keep ? `${stack.operator.email}  ${stack.operator.password}` : 'адрес и пароль оператора напечатает ./anika up'}`,
  );
  tell.line();
  tell.line(tell.paint('bold', 'Попробовать руками'));
  for (const command of curlCommands({ api, file })) tell.line(`  ${command}`);
}
