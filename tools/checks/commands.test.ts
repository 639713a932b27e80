import { expect, it } from 'vitest';
import { commandsIn } from './commands.ts';

it('commandsIn() finds the commands of a commander program with their long options', () => {
  const commands = commandsIn(`new Command('x')
  .command('demo')
    .option('--keep', 'stay')
  .command('copy <from>')
    .option('-p, --port <number>', 'port', parsePort)
    .option(
      '--only <text>',
  .command('test')`);
  expect([...commands.keys()]).toEqual(['demo', 'copy', 'test']);
  expect([...(commands.get('demo') ?? [])]).toEqual(['keep']);
  expect([...(commands.get('copy') ?? [])]).toEqual(['port', 'only']);
  expect([...(commands.get('test') ?? [])]).toEqual([]);
});
