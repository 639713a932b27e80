import { Command } from 'commander';
import { ExplainedError } from './explained-error.ts';
import { serveStores } from './serve-stores.ts';

const say = (line: string) => console.log(line);

const program = new Command('./anika')
  .description('ANIKA on this machine: try it, test it, run it.')
  .showHelpAfterError();

program
  .command('servers', { hidden: true })
  .description('start only PostgreSQL, MongoDB and Redis, until Ctrl-C')
  .action(() => serveStores(say));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof ExplainedError) console.error(error.message);
  else console.error(error);
}
