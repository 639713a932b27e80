import { sharedSettings } from '@anika/broker/shared-settings';
import { describeConfig, type SettingDescription } from '@anika/runtime/config';
import { z } from 'zod';
import { apiSettings } from '../../apps/api/src/config.ts';
import { dispatcherSettings } from '../../apps/dispatcher/src/config.ts';
import { COMPOSE, GATEWAY, LAUNCHER, type OtherSetting, TESTS } from './launcher-settings.ts';
import { codes, page, table } from './table.ts';

const HEAD = ['Variable', 'Form', 'Default', 'What it is for'];

/** The variables that something else than the two programs reads. */
export function launcherVariables(): ReadonlySet<string> {
  return new Set([...LAUNCHER, ...TESTS, ...COMPOSE, ...GATEWAY].map(({ name }) => name));
}

/** Every environment variable that docs/configuration.md describes. */
export function knownVariables(): ReadonlySet<string> {
  const settings = [apiSettings, dispatcherSettings].flatMap(({ shape }) => Object.keys(shape));
  return new Set([...settings, ...launcherVariables()]);
}

/** What Compose hands on to the two programs: from `.env`, or a value of its own. */
export type ComposeSettings = { readonly fromEnv: readonly string[]; readonly fixed: readonly string[] };

/** docs/configuration.md, from the settings schemas and the lists beside them. */
export function configurationPage(compose: ComposeSettings): string {
  return page([
    '# Configuration',
    'Everything is set by environment variables. An empty variable counts as not set. A program that finds a ' +
      'variable missing or wrong names all of them and does not start; nor does it with one that is nearly ' +
      'a setting, a letter of it missing: it says which was meant. Any other unknown `ANIKA_…` is a warning in its log. ' +
      '**Secret** marks what belongs in no log, image or repository.',
    '## api and dispatcher',
    'Read by both programs. The connection strings, `ANIKA_SECRET_KEYS` and `ANIKA_QUEUE_PREFIX` must be the same for ' +
      'all processes of an installation.',
    settingsTable(rowsOf(z.object(sharedSettings))),
    '## api',
    settingsTable(rowsOf(apiSettings, sharedSettings)),
    '## dispatcher',
    settingsTable(rowsOf(dispatcherSettings, sharedSettings)),
    '## Docker Compose',
    'Read from `.env` by `docker-compose.yml`; `deploy/env.example` is its template and says how to make each value.',
    settingsTable(COMPOSE.map(otherRow)),
    composeText(compose),
    '## The gateway',
    'Filled into `deploy/nginx/gateway.conf.template` by the nginx image. `docker-compose.yml` sets them all; ' +
      'a gateway of your own needs them.',
    settingsTable(GATEWAY.map(otherRow)),
    '## `./anika`',
    'The launcher hands its environment on to the programs it starts, with these differences. It chooses ' +
      '`ANIKA_PORT` (`--port`) and `ANIKA_DISPATCHER_PORT` itself. `./anika demo` takes no `ANIKA_…` variable but `ANIKA_HOME`, so ' +
      'that it is the same everywhere.',
    settingsTable(LAUNCHER.map(otherRow)),
    '## Tests',
    'Set by `./anika test`; give them yourself to run vitest by hand on servers of your own.',
    settingsTable(TESTS.map(otherRow)),
  ]);
}

function composeText({ fromEnv, fixed }: ComposeSettings): string {
  return (
    `Compose hands these on to the programs, when \`.env\` has them: ${codes(fromEnv)}. It sets by itself: ` +
    `${codes(fixed)}. A variable in neither list has its default there, whatever \`.env\` says, until it is added to ` +
    '`docker-compose.yml`.'
  );
}

function settingsTable(rows: readonly (readonly string[])[]): string {
  return table(HEAD, rows);
}

function otherRow(one: OtherSetting): string[] {
  return [`\`${one.name}\``, one.form, one.defaultValue, sentence(one.description, one.secret)];
}

/** The rows of a schema, without those that are described elsewhere. */
export function rowsOf(schema: z.ZodObject, without: Readonly<Record<string, unknown>> = {}): string[][] {
  const forms = formsOf(schema);
  return describeConfig(schema)
    .filter(({ name }) => !(name in without))
    .map((one) => [
      `\`${one.name}\``,
      forms.get(one.name) ?? 'text',
      defaultOf(one),
      sentence(one.description, one.secret),
    ]);
}

function defaultOf({ required, defaultValue }: SettingDescription): string {
  if (required) return '**required**';
  return defaultValue === undefined || defaultValue === '' ? 'not set' : `\`${defaultValue}\``;
}

function sentence(description: string, secret: boolean): string {
  const [first = '', ...rest] = description;
  return `${first.toUpperCase()}${rest.join('')}.${secret ? ' **Secret.**' : ''}`;
}

const property = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  items: z.object({ enum: z.array(z.string()) }).optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
});
type Property = z.output<typeof property>;

function formsOf(schema: z.ZodObject): ReadonlyMap<string, string> {
  const given = propertiesOf(schema, 'input');
  const read = propertiesOf(schema, 'output');
  return new Map(
    [...given].map(([name, one]) => [name, formOf(name, { ...one, items: read.get(name)?.items })]),
  );
}

function propertiesOf(schema: z.ZodObject, io: 'input' | 'output'): ReadonlyMap<string, Property> {
  const { properties = {} } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return new Map(Object.entries(properties).map(([name, one]) => [name, property.parse(one)]));
}

/** What may be written there, in words. */
function formOf(name: string, one: Property): string {
  if (one.type === 'integer') return `${one.minimum} – ${one.maximum}${unitOf(name)}`;
  if (one.enum?.includes('true')) return '`true` or `false`';
  if (one.enum !== undefined) return listed(one.enum.map(String), one) ? 'word' : codes(one.enum.map(String));
  if (one.items !== undefined)
    return listed(one.items.enum, one) ? 'words, separated by commas' : `some of ${codes(one.items.enum)}`;
  if (one.format === 'uri') return 'URL';
  if (one.format === 'email') return 'email';
  if (one.pattern !== undefined) return `text matching \`${one.pattern}\``;
  return (one.minLength ?? 0) > 1 ? `at least ${one.minLength} characters` : 'text';
}

/** Whether the description already says which words there are. */
function listed(words: readonly string[], { description = '' }: Property): boolean {
  return words.every((word) => description.includes(word));
}

function unitOf(name: string): string {
  if (name.endsWith('_SECONDS')) return ' seconds';
  if (name.endsWith('_BYTES')) return ' bytes';
  return name.includes('_RATE_') ? ' a second' : '';
}
