import { existsSync } from 'node:fs';
import { findProgram } from './run-command.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser that `CHROMIUM_PATH` names, or the first one that PATH has. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { CHROMIUM_PATH: named } = env;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return NAMES.map(findProgram).find((path) => path !== undefined);
}

export const NO_CHROMIUM =
  'Not checked here: the pages of the console. There is no Chromium: install one (apt-get install chromium), or name it in CHROMIUM_PATH';
