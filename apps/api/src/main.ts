import { createServer } from 'node:http';
import { closeOnSignal, createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import { applyMigrations } from '@anika/stores/postgres/migrate';
import { readConfig } from './config.ts';
import { composeApi } from './deps.ts';
import { listen } from './http/listen.ts';

const SHUTDOWN_MS = 15_000;

const config = readConfig(process.env);
const logger = createLogger({ name: 'api', level: config.ANIKA_LOG_LEVEL });

if (process.argv[2] === 'migrate') {
  const applied = await applyMigrations(config.DATABASE_URL);
  logger.info({ applied }, 'the database is up to date');
  // The migration engine leaves a timer of ten seconds behind that nothing can clear.
  process.exit();
} else {
  const lifecycle = createLifecycle(logger);
  const { app, prepare } = composeApi(config, { logger, lifecycle });
  await prepare();
  const server = createServer(app);
  lifecycle.onClose(
    'HTTP server',
    await listen(server, { host: config.ANIKA_HOST, port: config.ANIKA_PORT }),
  );
  closeOnSignal(lifecycle, { logger, deadlineMs: SHUTDOWN_MS });
  logger.info({ address: server.address(), modules: config.ANIKA_MODULES }, 'listening');
}
