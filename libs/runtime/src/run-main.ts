import { ConfigError } from './config.ts';
import { Unavailable } from './unavailable.ts';

/**
 * Runs a program. Settings and stores that are wrong, or away, end in their sentences, without a stack; anything
 * else that keeps it from starting ends with its stack. All leave a failing exit code.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(sentenceOf(error) ?? error);
    // Connections may have been opened by then: nothing may keep a process alive that does not serve.
    process.exit(1);
  }
}

function sentenceOf(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Unavailable)) return undefined;
  // Of Prisma's several lines the last one says it.
  const reason = error.cause instanceof Error ? error.cause.message.trim().split('\n').at(-1) : undefined;
  return `${error.message}${reason === undefined ? '' : ` (${reason})`}: start it, or mend its address in the settings.`;
}
