import { createServer } from 'node:http';
import { closeOnSignal, createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger, type Logger } from '@anika/runtime/logger';
import { runMain } from '@anika/runtime/run-main';
import { applyMigrations } from '@anika/stores/postgres/migrate';
import { type ApiConfig, readConfig } from './config.ts';
import { composeApi } from './deps.ts';
import { listen } from './http/listen.ts';

const SHUTDOWN_MS = 15_000;

async function migrate(config: ApiConfig, logger: Logger): Promise<void> {
  const applied = await applyMigrations(config.DATABASE_URL);
  logger.info({ applied }, 'the database is up to date');
  // The migration engine leaves a timer of ten seconds behind that nothing can clear.
  process.exit();
}

async function serve(config: ApiConfig, logger: Logger): Promise<void> {
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

await runMain(async () => {
  const config = readConfig(process.env);
  const logger = createLogger({ name: 'api', level: config.ANIKA_LOG_LEVEL });
  await (process.argv[2] === 'migrate' ? migrate(config, logger) : serve(config, logger));
});
