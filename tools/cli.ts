import { Command, InvalidArgumentError } from 'commander';
import { bench } from '../bench/bench.ts';
import { runFaults } from '../faults/faults.ts';
import { demo } from './demo/demo.ts';
import { ExplainedError } from './explained-error.ts';
import { runFuzz } from './fuzz/fuzz.ts';
import { LANGUAGES, type Language, languageOf } from './language.ts';
import { serveStores } from './serve-stores.ts';
import { runTests } from './test.ts';
import { up } from './up.ts';
import { verifyAudit } from './verify-audit.ts';
import { verifyReceipt } from './verify-receipt.ts';

const say = (line: string) => console.log(line);

const program = new Command('./anika')
  .description('ANIKA on this machine: try it, test it, run it.')
  .showHelpAfterError();

program
  .command('demo')
  .description(
    'start everything from nothing and play the story of two companies, checking all that it tells',
  )
  .option('--keep', 'leave the stack running after the story, until Ctrl-C', false)
  .option('--lang <language>', 'ru or en', parseLanguage, languageOf(process.env))
  .addHelpText(
    'after',
    '\nThe exit code is 0 only if all of it held. Data and logs are in .anika/demo, cleared at each start;' +
      '\nan "./anika up" may run at the same time. Colours: on a terminal, unless NO_COLOR is set.' +
      '\nWithout --lang it is told in Russian where the locale (LC_ALL, LC_MESSAGES, LANG) is, else in English.',
  )
  .action(async (options: { keep: boolean; lang: Language }) => {
    process.exitCode = await demo(options);
  });

program
  .command('test')
  .description('start the servers, then check format, lint, types, imports and documents, and run every test')
  .argument('[args...]', 'passed on to vitest after --, such as a path or -t "a title"')
  .addHelpText('after', '\nExample: ./anika test -- libs/core')
  .action(async (args: string[]) => {
    process.exitCode = await runTests(args, say);
  });

program
  .command('up')
  .description('run the whole stack until Ctrl-C; restarts whatever of it dies')
  .option('--port <number>', 'port of the API', parsePort, 8080)
  .option('--sample', 'two companies with endpoints and traffic between them, to look at', false)
  .addHelpText(
    'after',
    '\n--sample makes the companies АвтоЭкспресс and ExpoBank once, publishes and receives for them until Ctrl-C, and' +
      '\nprints how to sign in; what waits is given up within seconds then (ANIKA_RETRY_SCHEDULE).' +
      '\nThe settings of the apps (ANIKA_…) and DATABASE_URL, MONGODB_URL, REDIS_URL are taken from the environment.' +
      '\nData, logs and secrets are in .anika/, or in the folder that ANIKA_HOME names.',
  )
  .action((options: { port: number; sample: boolean }) => up(options, say));

program
  .command('dev')
  .description('as up, and start a program again whenever a file of its source is saved')
  .option('--port <number>', 'port of the API', parsePort, 8080)
  .action((options: { port: number }) => up({ ...options, watch: true }, say));

program
  .command('bench')
  .description('measure ANIKA beside the bare pipeline on the same servers; needs about twelve minutes')
  .option('--only <text>', 'only the scenarios whose name holds this text')
  .option(
    '--profile',
    'where the processor time of both programs goes, by stage, instead of the figures',
    false,
  )
  .addHelpText(
    'after',
    '\nThe figures are also written to .anika/bench/result.json, the profiles of the last scenario to .anika/bench/profiles.',
  )
  .action(async (options: { only?: string; profile: boolean }) => {
    process.exitCode = await bench({ only: options.only, profile: options.profile }, say);
  });

program
  .command('faults')
  .description('kill, stop, fill and cut whatever can be, and prove that nothing acknowledged was lost')
  .option('--list', 'name the faults and what each does', false)
  .option('--only <names>', 'names, parts of names or areas, separated by commas', splitNames, [])
  .option('--seed <number>', 'makes the same random choices again', parseWholeNumber)
  .option('--minutes <number>', 'length of the soak', parseWholeNumber, 20)
  .addHelpText(
    'after',
    '\nServers of its own; data, logs and the figures (result.json) are in .anika/faults. Needs about forty minutes.' +
      '\nThe exit code is 0 only if the promise was kept in every row.',
  )
  .action(async (options: { list: boolean; only: string[]; seed?: number; minutes: number }) => {
    process.exitCode = await runFaults({ ...options, seed: options.seed }, say);
  });

program
  .command('fuzz')
  .description('ask a running ANIKA for all that its OpenAPI document allows, and for what it does not')
  .option(
    '--only <names>',
    'anonymous, operator, admin, viewer, key, rows, sizes; separated by commas',
    splitNames,
    [],
  )
  .option('--examples <number>', 'made-up requests for each operation and role', parseExamples, 25)
  .option('--seed <number>', 'makes the same requests up again', parseWholeNumber)
  .addHelpText(
    'after',
    '\nNeeds Python 3.11 or newer for schemathesis, which it installs into .anika/software; "--only rows,sizes" needs none.' +
      '\nTwo programs of its own, on databases of their own. What it found is written to .anika/fuzz.json.' +
      '\nThe exit code is 0 only if nothing was found. Needs less than ten minutes.',
  )
  .action(async (options: { only: string[]; examples: number; seed?: number }) => {
    process.exitCode = await runFuzz({ ...options, seed: options.seed }, say);
  });

program
  .command('verify-audit')
  .description(
    'check an export of the audit log (GET /v1/audit/export): that no entry was changed or removed',
  )
  .argument('[file]', 'the export, NDJSON; - for standard input', '-')
  .option('--kept <hash>', 'the hash that an earlier check told you to keep: the export must hold it')
  .option('--part', 'the export was made with a filter: numbers that are missing prove nothing', false)
  .addHelpText(
    'after',
    '\nThe exit code is 0 only if every entry is as it was written and none is missing. No server is needed.',
  )
  .action(async (file: string, options: { kept?: string; part: boolean }) => {
    process.exitCode = await verifyAudit(file, options, say);
  });

program
  .command('verify-receipt')
  .description(
    'check a receipt (GET /v1/receipts, GET /v1/deliveries/{id}/receipt): who signed it, that it fits',
  )
  .argument('[file]', 'the answer as it came, or its "jws" alone; - for standard input', '-')
  .option('--jwks <where>', 'the public keys, GET /.well-known/jwks.json: an address or a file')
  .addHelpText(
    'after',
    '\nThe exit code is 0 only if it was signed by one of the keys and everything in it fits. With the keys in a file' +
      '\nno server is needed; without --jwks those of the running "./anika up" are taken.',
  )
  .action(async (file: string, options: { jwks?: string }) => {
    process.exitCode = await verifyReceipt(file, options, say);
  });

program
  .command('servers')
  .description('start only PostgreSQL, MongoDB and Redis, until Ctrl-C; for single tests and a debugger')
  .addHelpText(
    'after',
    '\nTheir addresses are printed, and are in .anika/servers.json, where the tests find them.',
  )
  .action(() => serveStores(say));

function splitNames(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}

function parseWholeNumber(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

function parseExamples(text: string): number {
  const examples = Number(text);
  if (/^\d+$/.test(text) && examples >= 1 && examples <= 10_000) return examples;
  throw new InvalidArgumentError('It must be a number from 1 to 10000.');
}

function parseLanguage(text: string): Language {
  const language = LANGUAGES.find((known) => known === text);
  if (language !== undefined) return language;
  throw new InvalidArgumentError(`It must be one of ${LANGUAGES.join(', ')}.`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a number from 1 to 65535.');
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof ExplainedError) console.error(error.message);
  else console.error(error);
}
