import type { Browser } from 'playwright-core';
import { describe, it } from 'vitest';
import { findChromium, NO_CHROMIUM } from '../../tools/chromium.ts';
import { launch } from './browser.ts';

/** Tests that look with a real browser, which `body` is given the means to open; where there is none, a line says so. */
export function describeInBrowser(title: string, body: (openBrowser: () => Promise<Browser>) => void): void {
  const path = findChromium();
  if (path === undefined) {
    console.warn(NO_CHROMIUM);
    it('there is a browser to look with', ({ skip }) => skip(NO_CHROMIUM));
    return;
  }
  describe(title, () => body(() => launch(path)));
}
