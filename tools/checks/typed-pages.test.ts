import { expect, it } from 'vitest';
import { TYPIST, typingDifferences } from './typed-pages.ts';

const TEST = `
  await runPage(['README.md', 'docs/typed.md'], stack());
  await runPage(
    ['docs/other.md'],
    stack(),
  );
  // docs/named.md is in no call of it.
`;
const NONE: ReadonlyMap<string, string> = new Map();
const block = (text: string, language = 'sh') => `# Page\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;
const found = (path: string, text: string, excepted = NONE) =>
  typingDifferences([{ path, text }], TEST, excepted);

it.each(['docs/named.md', 'docs/new.md'])('a page with commands that no test types is one: %s', (path) => {
  expect(found(path, block('curl -s $api'))).toEqual([
    `${path}:3: shows commands that ${TYPIST} does not type`,
  ]);
});

it.each(['README.md', 'docs/typed.md', 'docs/other.md'])('one that is typed is none: %s', (path) => {
  expect(found(path, block('curl -s $api'))).toEqual([]);
});

it.each([
  ['no block', 'Text with `curl -s $api`.'],
  ['what is answered', block('{"a":1}', 'json')],
  ['what starts ANIKA', block('./anika up   # until Ctrl-C\n\n# and\nA=1 ./anika demo')],
])('a page is none that has %s alone', (_, text) => {
  expect(found('docs/new.md', text)).toEqual([]);
});

it.each([
  ['curl -s $api', 'bash'],
  ['$ curl -s $api', ''],
  ['A=1 ./anika verify-audit export.ndjson', 'text'],
])('commands in another block than sh are one: %s', (text, language) => {
  expect(found('docs/typed.md', `${block('curl -s $api')}\n${block(text, language)}`)).toEqual([
    'docs/typed.md:9: shows commands, and is no `sh` block',
  ]);
});

it('a block that starts ANIKA and does more is one', () => {
  expect(found('docs/typed.md', `${block('curl $api')}\n${block('./anika up\ncurl -s $api')}`)).toEqual([
    'docs/typed.md:9: starts ANIKA and does more: nothing of it is typed',
  ]);
});

it('what it checks without a server is typed', () => {
  expect(found('docs/new.md', block('./anika verify-audit export.ndjson'))).toHaveLength(1);
});

it('an exception is for a page with commands that is not typed', () => {
  const excepted = (path: string) => new Map([[path, 'a reason']]);
  expect(found('docs/new.md', block('curl -s $api'), excepted('docs/new.md'))).toEqual([]);
  expect(found('docs/new.md', 'Text.', excepted('docs/new.md'))).toEqual([
    'docs/new.md:1: is excepted from being typed, and has nothing to type',
  ]);
  expect(found('docs/typed.md', block('curl -s $api'), excepted('docs/typed.md'))).toEqual([
    'docs/typed.md:3: is excepted from being typed, and is',
  ]);
});

it('a page that is typed and has nothing to type is one', () => {
  expect(found('docs/typed.md', 'Text.')).toEqual([
    `docs/typed.md:1: is typed by ${TYPIST}, and has nothing to type`,
  ]);
});
