import 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** What of the page does not fit (vitest.browser.config.mjs). */
    misfits: () => Promise<string[]>;
  }
}
