import { ALL_SETTINGS } from '@anika/broker/setting-names';
import { ConfigError, warnOfUnknown } from '@anika/runtime/config';
import { closeOnSignal, createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger, type Logger } from '@anika/runtime/logger';
import { runMain } from '@anika/runtime/run-main';
import { COMMANDS } from './commands.ts';
import { type ApiConfig, readConfig } from './config.ts';
import { composeApi } from './deps.ts';
import { createHttpServer, listen } from './http/listen.ts';

const SHUTDOWN_MS = 15_000;

async function serve(config: ApiConfig, logger: Logger): Promise<void> {
  const lifecycle = createLifecycle(logger);
  const { app, requireStores, prepare, endWaits } = composeApi(config, { logger, lifecycle });
  await requireStores();
  const server = createHttpServer(app);
  lifecycle.onClose(
    'HTTP server',
    await listen(server, { host: config.ANIKA_HOST, port: config.ANIKA_PORT }),
  );
  await prepare();
  // Before the server: it waits until those who listen or pull are gone.
  lifecycle.onClose('waits', endWaits);
  closeOnSignal(lifecycle, { logger, deadlineMs: SHUTDOWN_MS });
  logger.info({ address: server.address(), modules: config.ANIKA_MODULES }, 'listening');
}

await runMain(async () => {
  const config = readConfig(process.env);
  const logger = createLogger({ name: 'api', level: config.ANIKA_LOG_LEVEL });
  warnOfUnknown(process.env, ALL_SETTINGS, logger);
  const [name] = process.argv.slice(2);
  const command = name === undefined ? serve : COMMANDS[name];
  if (command === undefined) {
    throw new ConfigError(
      `There is no command "${name}": ${Object.keys(COMMANDS).join(', ')}, or none to serve`,
    );
  }
  await command(config, logger);
});
