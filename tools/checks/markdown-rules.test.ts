import { describe, expect, it } from 'vitest';
import { readMarkdown } from './markdown.ts';
import { checkMarkdown, type Known } from './markdown-rules.ts';

const KNOWN: Known = {
  paths: new Set([
    'README.md',
    'docs',
    'docs/a.md',
    'docs/b.md',
    'libs',
    'libs/core',
    'libs/core/src',
    'libs/core/src/filter.ts',
    'libs/core/src/ids.ts',
    'docker-compose.yml',
  ]),
  commands: new Map([
    ['demo', new Set(['keep'])],
    ['test', new Set()],
  ]),
  scripts: new Set(['types']),
  variables: new Set(['ANIKA_RATE_READ', 'ANIKA_TEST_REDIS_URL', 'ANIKA_HOME']),
  routes: [{ method: 'post', path: '/v1/topics/{id}/messages' }],
};

function problems(text: string): string[] {
  const other = readMarkdown('docs/b.md', '# Other page\n');
  return checkMarkdown([readMarkdown('docs/a.md', text), other], KNOWN);
}

describe('links', () => {
  it.each([
    '[b](b.md)',
    '[root](../README.md)',
    '[folder](../libs/core/)',
    '[anchor](b.md#other-page)',
    '[web](https://example.com/x)',
    '[mail](mailto:a@example.com)',
    '# Here\n[here](#here)',
  ])('that lead somewhere are fine: %s', (text) => {
    expect(problems(text)).toEqual([]);
  });

  it.each([
    ['[c](c.md)', 'docs/a.md:1: links to c.md, which does not exist'],
    ['\n[up](../../x.md)', 'docs/a.md:2: links to ../../x.md, which does not exist'],
    ['[root](/README.md)', 'docs/a.md:1: links to /README.md, which is not relative'],
    ['[c](b.md#gone)', 'docs/a.md:1: links to b.md#gone, but docs/b.md has no heading for #gone'],
    ['[c](#gone)', 'docs/a.md:1: links to #gone, but docs/a.md has no heading for #gone'],
    ['[c]: c.md', 'docs/a.md:1: links to c.md, which does not exist'],
  ])('that lead nowhere are named: %s', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });
});

describe('paths', () => {
  it.each([
    '`libs/core/src/filter.ts`',
    '`./libs/core/`',
    '`libs/core/src/filter.ts:12`',
    '`libs/core/src/*.ts`',
    '`libs/**/ids.ts`',
    '`libs/core/src/{filter,ids}.ts`',
    '`libs/<name>/src`',
    '`apps/<…>`',
    '`@anika/core/filter`',
    '`filter.ts`',
    '`apps/api/dist/main.js`',
    '`application/json`',
    '```sh\ncat docs/a.md libs/core/src/ids.ts\n```',
  ])('that exist, or cannot be told, are fine: %s', (text) => {
    expect(problems(text)).toEqual([]);
  });

  it.each([
    ['`libs/core/src/gone.ts`', 'docs/a.md:1: names libs/core/src/gone.ts, which does not exist'],
    ['`apps/`', 'docs/a.md:1: names apps/, which does not exist'],
    ['`libs/core/src/*.md`', 'docs/a.md:1: names libs/core/src/*.md, which does not exist'],
    ['`libs/core/src/{a,b}.ts`', 'docs/a.md:1: names libs/core/src/{a,b}.ts, which does not exist'],
    ['`@anika/core/gone`', 'docs/a.md:1: names @anika/core/gone, which does not exist'],
    [
      'run `node libs/core/src/gone.ts --write`',
      'docs/a.md:1: names libs/core/src/gone.ts, which does not exist',
    ],
    ['`gone.ts`', 'docs/a.md:1: names gone.ts, which does not exist'],
    ['```sh\ncat "docs/gone.md"\n```', 'docs/a.md:2: names docs/gone.md, which does not exist'],
  ])('that do not exist are named: %s', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });
});

describe('commands', () => {
  it('that exist are fine', () => {
    expect(
      problems('`./anika demo --keep`, `./anika test -- libs`, `npm run types`, `./anika demo --help`'),
    ).toEqual([]);
  });

  it.each([
    ['`./anika\nfly`', 'docs/a.md:1: names ./anika fly, which is not a command'],
    ['`./anika fly`', 'docs/a.md:1: names ./anika fly, which is not a command'],
    ['```\n./anika demo --fast\n```', 'docs/a.md:2: names ./anika demo --fast, which is not an option of it'],
    ['`npm run fly`', 'docs/a.md:1: names npm run fly, which package.json does not have'],
  ])('that do not exist are named: %s', (text, problem) => {
    expect(problems(text)).toEqual([problem]);
  });
});

describe('variables', () => {
  it.each(['ANIKA_HOME', '`ANIKA_RATE_…`', '`ANIKA_TEST_*_URL`', '`ANIKA_…`', 'ANIKA'])(
    '%s is fine',
    (text) => {
      expect(problems(text)).toEqual([]);
    },
  );

  it.each(['ANIKA_HOUSE', 'ANIKA_LIMIT_', 'ANIKA_*_TEXT'])('%s, which nobody reads, is named', (name) => {
    expect(problems(`set \`${name}\``)).toEqual([`docs/a.md:1: names ${name}, which no program reads`]);
  });
});

describe('routes', () => {
  it.each(['{id}', '$topic', 'top_1', '<id>'])('with the parameter written %s are fine', (id) => {
    expect(problems(`\`POST /v1/topics/${id}/messages?x=1\``)).toEqual([]);
  });

  it.each(['GET /v1/topics/{id}/messages', 'POST /v1/topics', 'POST /v1/gone'])('%s is named', (route) => {
    expect(problems(`See \`${route}\`.`)).toEqual([`docs/a.md:1: names ${route}, which is not a route`]);
  });
});
