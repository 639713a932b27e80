// The components of the console, in a real browser: `vitest run --config vitest.browser.config.mjs`. Beside the other
// projects it would load a browser's driver for every run of the pure tests.
import { playwright } from '@vitest/browser-playwright';
import { mergeConfig } from 'vitest/config';
import consoleConfig from './apps/console/vite.config.ts';
import { MISFITS } from './e2e/support/misfits.ts';
import { findChromium } from './tools/chromium.ts';

const NARROW = { width: 360, height: 800 };

export default mergeConfig(consoleConfig, {
  root: import.meta.dirname,
  // Of the page that the tests run in, not of the console.
  base: '/',
  // What is found only while tests run would load the page anew in the middle of one.
  optimizeDeps: { include: ['axe-core', 'react-dom/client', 'react-aria-components', 'uplot', 'qr'] },
  test: {
    name: 'browser',
    include: ['apps/console/**/*.browser.test.tsx'],
    testTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      viewport: NARROW,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          executablePath: findChromium(),
          args: ['--no-sandbox', '--disable-dev-shm-usage'],
        },
        contextOptions: { reducedMotion: 'reduce', timezoneId: 'Europe/Moscow', locale: 'en-GB' },
      }),
      commands: {
        /** What of the page does not fit, as the tests of whole pages look at it. */
        misfits: async ({ frame }) => (await frame()).evaluate(MISFITS),
      },
    },
  },
});
