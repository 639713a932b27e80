import { closeOnSignal, createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import { readConfig } from './config.ts';
import { startDispatcher } from './deps.ts';

const config = readConfig(process.env);
const logger = createLogger({ name: 'dispatcher', level: config.ANIKA_LOG_LEVEL });
const lifecycle = createLifecycle(logger);
await startDispatcher(config, { logger, lifecycle });
closeOnSignal(lifecycle, { logger, deadlineMs: config.ANIKA_SHUTDOWN_SECONDS * 1000 + 10_000 });
