import { join } from 'node:path';
import { homeFolder } from './home.ts';
import { inEnglish } from './language.ts';
import { type Stack, startStack } from './stack.ts';
import { stopSignal, untilAborted } from './until-signal.ts';

/** `./anika up` and, with `watch`, `./anika dev`: the whole stack in the foreground until Ctrl-C. */
export async function up(
  options: { port: number; watch?: boolean },
  say: (line: string) => void,
): Promise<void> {
  const signal = stopSignal();
  const stack = await start(options, say, signal);
  if (!stack) return;
  if (options.watch) say(`logs               ${join(homeFolder(), 'logs')}/{api,dispatcher}.log`);
  for (const line of describe(stack)) say(line);
  await untilAborted(signal);
  say('Stopping …');
  await stack.stop();
}

async function start(
  options: { port: number; watch?: boolean },
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Stack | undefined> {
  try {
    return await startStack({ home: homeFolder(), ...options, say: inEnglish(say), signal });
  } catch (error) {
    if (signal.aborted) return undefined; // Ctrl-C while it was starting
    throw error;
  }
}

function describe({ api, operator }: Stack): readonly string[] {
  return [
    `console            ${api}/console`,
    `API documentation  ${api}/docs`,
    `queues             ${api}/admin/queues`,
    `operator           ${operator.email}  ${operator.password}`,
    `ready ${api}`,
  ];
}
