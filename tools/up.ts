import { join } from 'node:path';
import { homeFolder } from './home.ts';
import { inEnglish } from './language.ts';
import { openSample, type Sample, sampleSettings } from './sample/sample.ts';
import { type Stack, startStack } from './stack.ts';
import { stopSignal, untilAborted } from './until-signal.ts';

type Options = { readonly port: number; readonly watch?: boolean; readonly sample?: boolean };

/** `./anika up` and, with `watch`, `./anika dev`: the whole stack in the foreground until Ctrl-C. */
export async function up(options: Options, say: (line: string) => void): Promise<void> {
  const signal = stopSignal();
  const stack = await start(options, say, signal);
  if (!stack) return;
  try {
    const sample = options.sample ? await fill(stack, say) : undefined;
    if (options.watch) say(`logs               ${join(homeFolder(), 'logs')}/{api,dispatcher}.log`);
    for (const line of [...describe(stack), ...signIns(sample), `ready ${stack.api}`]) say(line);
    await untilAborted(signal);
    say('Stopping …');
    await sample?.stop();
  } finally {
    await stack.stop();
  }
}

function fill({ api, operator }: Stack, say: (line: string) => void): Promise<Sample> {
  say('filling it with a sample …');
  return openSample({ api, operator, home: homeFolder() });
}

async function start(
  { sample, ...options }: Options,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Stack | undefined> {
  try {
    const env = sample ? sampleSettings(process.env) : process.env;
    return await startStack({ home: homeFolder(), ...options, env, say: inEnglish(say), signal });
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
  ];
}

function signIns(sample: Sample | undefined): readonly string[] {
  return (sample?.companies ?? []).map(
    ({ name, email, password }) => `${name.padEnd(18)} ${email}  ${password}`,
  );
}
