import { describe, expect, it } from 'vitest';
import { answerDifferences, printedDifferences, stepsOf } from './transcript.ts';

const page = [
  '# Page',
  '```sh',
  './anika up',
  '```',
  '',
  '```sh',
  'curl -s $api',
  '```',
  '',
  '```json',
  '{"a":1}',
  '```',
  'Text.',
  '',
  '```sh',
  'curl -s $other',
  '```',
  'Text.',
  '```json',
  '{"b":1}',
  '```',
];

it('steps are the blocks but those that start ANIKA, with the answer that stands right below', () => {
  expect(stepsOf(page.join('\n'))).toEqual([
    { line: 6, script: 'curl -s $api\n', answer: { language: 'json', text: '{"a":1}\n' } },
    { line: 15, script: 'curl -s $other\n', answer: undefined },
  ]);
});

it('a block with more than a language is one, and hides none after it', () => {
  const more = [
    '```json canonical-form',
    '{}',
    '```',
    '',
    '```sh',
    'curl -s $api',
    '```',
    '```text',
    'OK: …',
    '```',
  ];
  expect(stepsOf(more.join('\n'))).toEqual([
    { line: 5, script: 'curl -s $api\n', answer: { language: 'text', text: 'OK: …\n' } },
  ]);
});

it.each([
  ['A=1 ./anika up', 0],
  ['./anika fuzz --only rows', 0],
  ['./anika verify-receipt receipt.json', 1],
])('steps are not what takes a launcher: %s', (command, count) => {
  expect(stepsOf(`\`\`\`sh\n${command}\n\`\`\`\n`)).toHaveLength(count);
});

describe('printedDifferences()', () => {
  const text = { language: 'text', text: 'id: …\nevent: state\n…\n' } as const;

  it('lets … stand for anything in a text', () => {
    expect(printedDifferences(text, 'id: 17.0\nevent: state\ndata: {}\n\n')).toEqual([]);
    expect(printedDifferences(text, 'id: 17.0\nevent: message\ndata: {}')).toHaveLength(1);
  });

  it('compares JSON by its members, and says where none is printed', () => {
    const json = { language: 'json', text: '{"a":1}' } as const;
    expect(printedDifferences(json, '{"b":2,"a":1}')).toEqual([]);
    expect(printedDifferences(json, '{"a":2}')).toEqual(['it.a is 2, not 1']);
    expect(printedDifferences(json, 'curl: (7)')).toEqual([expect.stringContaining('prints no JSON')]);
  });
});

describe('answerDifferences()', () => {
  it.each([
    [{ a: 1 }, { a: 1, b: 2 }],
    [
      { id: 'msg_…', at: '…' },
      { id: 'msg_17', at: '' },
    ],
    [
      [1, '…'],
      [1, 2, 3],
    ],
    [{ a: [{ b: null }] }, { a: [{ b: null, c: 1 }] }],
  ])('lets %j stand for %j', (shown, printed) => {
    expect(answerDifferences(shown, printed)).toEqual([]);
  });

  it.each([
    [{ a: 1 }, { a: 2 }, 'it.a is 2, not 1'],
    [{ a: { b: 1 } }, { a: 1 }, 'it.a is 1'],
    [{ id: 'msg_…' }, { id: 'dlv_1' }, 'it.id is "dlv_1", not "msg_…"'],
    [[1], [1, 2], 'it has 2 elements, not 1'],
    [[1, 2, '…'], [1], 'it has 1 elements, not 2'],
    [{ a: [1] }, {}, 'it.a is undefined, not a list'],
    [{ a: null }, {}, 'it.a is undefined, not null'],
  ])('finds where %j is not %j', (shown, printed, difference) => {
    expect(answerDifferences(shown, printed)).toEqual([difference]);
  });
});
