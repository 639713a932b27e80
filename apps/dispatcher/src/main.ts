import { ALL_SETTINGS } from '@anika/broker/setting-names';
import { TIMING } from '@anika/core/delivery/timing';
import { warnOfUnknown } from '@anika/runtime/config';
import { closeOnSignal, createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import { runMain } from '@anika/runtime/run-main';
import { readConfig } from './config.ts';
import { startDispatcher } from './deps.ts';

await runMain(async () => {
  const config = readConfig(process.env);
  const logger = createLogger({ name: 'dispatcher', level: config.ANIKA_LOG_LEVEL });
  warnOfUnknown(process.env, ALL_SETTINGS, logger);
  const lifecycle = createLifecycle(logger);
  await startDispatcher(config, { logger, lifecycle });
  closeOnSignal(lifecycle, { logger, deadlineMs: config.ANIKA_SHUTDOWN_SECONDS * 1000 + TIMING.restMs });
});
