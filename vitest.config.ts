import { defineConfig } from 'vitest/config';

const EXCLUDED = ['**/node_modules/**', '**/dist/**', '**/.anika/**'];
const REAL_SERVERS = ['libs/testkit/src/global-setup.ts'];

/** Judge how long something takes, stop servers of their own, or install the nginx that another installs too: alone. */
const ALONE = [
  'e2e/faults.e2e.test.ts',
  'e2e/fuzz.e2e.test.ts',
  'e2e/gateway-routing.e2e.test.ts',
  'e2e/grant-ends.e2e.test.ts',
  'e2e/grants.e2e.test.ts',
  'e2e/pull.e2e.test.ts',
  'e2e/redis-outage.e2e.test.ts',
  'e2e/replay.e2e.test.ts',
  'e2e/schedule.e2e.test.ts',
];
const BOTH_PROGRAMS = {
  globalSetup: [...REAL_SERVERS, 'e2e/support/global-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 240_000,
};

// What a test costs is in its name: pure, on real servers, or on both apps running.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // A second, as it is by default, judges the machine.
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...EXCLUDED, '**/*.int.test.ts', '**/*.e2e.test.ts'],
          // Above the twenty seconds of `eventually` and of receivers, so that it is they who say what is missing.
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'int',
          // The whole api is loaded once a worker, by Node itself: once a file, and by Vite, costs more than the tests.
          experimental: { viteModuleRunner: false },
          isolate: false,
          include: ['**/*.int.test.ts'],
          exclude: EXCLUDED,
          globalSetup: REAL_SERVERS,
          testTimeout: 45_000,
          hookTimeout: 45_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['**/*.e2e.test.ts'],
          exclude: [...EXCLUDED, ...ALONE],
          ...BOTH_PROGRAMS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e-alone',
          include: ALONE,
          exclude: EXCLUDED,
          ...BOTH_PROGRAMS,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
