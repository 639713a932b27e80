import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { REPOSITORY } from '../home.ts';
import { commandsIn } from './commands.ts';
import { pageDifference } from './compare.ts';
import { composeSettings } from './compose-settings.ts';
import { configurationPage, knownVariables, launcherVariables } from './configuration-page.ts';
import { depsDifferences } from './deps-size.ts';
import { environmentDifferences, exampleDifferences } from './environment.ts';
import { errorsPage } from './errors-page.ts';
import { readMarkdown } from './markdown.ts';
import { checkMarkdown } from './markdown-rules.ts';
import { opsDifferences } from './ops-routes.ts';
import { readText, repositoryPaths } from './repository.ts';
import { routesPage } from './routes-page.ts';
import { TYPIST, typingDifferences } from './typed-pages.ts';

const HELP = `Usage: node tools/checks/docs.ts [--write]

Checks that docs/configuration.md, docs/errors.md and docs/routes.md are what their sources say, and that the files,
anchors, commands, variables and routes which Markdown files name exist; that a test types the commands which they
show; and that what puts the apps together (deps*.ts) has at most 60 lines a file. Prints a line for each difference;
the exit code is 1 if there is any.

  --write  write the three pages first
  --help   show this`;

const paths = repositoryPaths();

function text(path: string): string {
  return readText(path) ?? '';
}

const source = (path: string) => ({ path, text: text(path) });

function sources(pattern: RegExp): { path: string; text: string }[] {
  return paths.filter((path) => pattern.test(path)).map(source);
}

function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/configuration.md', configurationPage(composeSettings(text('docker-compose.yml')))],
    ['docs/errors.md', errorsPage()],
    ['docs/routes.md', routesPage()],
  ]);
}

function write(pages: ReadonlyMap<string, string>): void {
  for (const [path, content] of pages) {
    if (readText(path) === content) continue;
    mkdirSync(dirname(join(REPOSITORY, path)), { recursive: true });
    writeFileSync(join(REPOSITORY, path), content);
    console.log(`wrote ${path}`);
  }
}

/** Where variables are read that no settings schema knows. */
const READERS =
  /^(tools\/(?!checks\/).*(?<!\.test)\.ts|docker-compose\.yml|deploy\/nginx\/.*\.template|libs\/testkit\/src\/servers\.ts)$/;

function differences(pages: ReadonlyMap<string, string>): string[] {
  const documents = sources(/\.md$/);
  const markdown = documents.map((page) => readMarkdown(page.path, page.text));
  return [
    ...[...pages].flatMap(
      ([path, expected]) => pageDifference(path, { now: readText(path), expected }) ?? [],
    ),
    ...depsDifferences(sources(/^apps\/[^/]+\/src\/deps[^/]*\.ts$/)),
    ...opsDifferences(text('apps/api/src/ops/pages.ts')),
    ...environmentDifferences(sources(READERS), {
      described: launcherVariables(),
      elsewhere: knownVariables(),
    }),
    ...exampleDifferences(source('deploy/env.example'), source('docker-compose.yml')),
    ...typingDifferences(documents, text(TYPIST)),
    ...checkMarkdown(markdown, {
      paths: new Set(repositoryPaths()),
      commands: commandsIn(text('tools/cli.ts')),
      scripts: new Set(Object.keys(JSON.parse(text('package.json')).scripts)),
      variables: knownVariables(),
      routes: ALL_ROUTES,
    }),
  ];
}

const { values } = parseArgs({
  options: { write: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  console.log(HELP);
} else {
  const pages = generatedPages();
  if (values.write) write(pages);
  const found = differences(pages);
  for (const line of found) console.error(line);
  if (found.length > 0) process.exitCode = 1;
  console.log(found.length === 0 ? 'The documents agree with their sources.' : `${found.length} differences`);
}
