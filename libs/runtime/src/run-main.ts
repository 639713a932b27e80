import { ConfigError } from './config.ts';

/**
 * Runs a program. Settings that are wrong end in their sentences, without a stack; anything else that keeps it
 * from starting ends with its stack. Both leave a failing exit code.
 */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    // Connections may have been opened by then: nothing may keep a process alive that does not serve.
    process.exit(1);
  }
}
