import { findChromium } from '../../tools/chromium.ts';
import { buildConsole } from '../../tools/console.ts';

/** Vitest calls it once before the end-to-end tests: no two files build the console at once, nor while one looks at it. */
export async function setup(): Promise<void> {
  if (findChromium() !== undefined) await buildConsole(() => undefined);
}
