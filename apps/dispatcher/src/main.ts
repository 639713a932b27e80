import { ALL_SETTINGS } from '@anika/broker/setting-names';
import { warnOfUnknown } from '@anika/runtime/config';
import { closeOnSignal, createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import { runMain } from '@anika/runtime/run-main';
import { readConfig } from './config.ts';
import { startDispatcher } from './deps.ts';

/** What closes after the deliveries under way. */
const REST_MS = 10_000;

await runMain(async () => {
  const config = readConfig(process.env);
  const logger = createLogger({ name: 'dispatcher', level: config.ANIKA_LOG_LEVEL });
  warnOfUnknown(process.env, ALL_SETTINGS, logger);
  const lifecycle = createLifecycle(logger);
  await startDispatcher(config, { logger, lifecycle });
  closeOnSignal(lifecycle, { logger, deadlineMs: config.ANIKA_SHUTDOWN_SECONDS * 1000 + REST_MS });
});
