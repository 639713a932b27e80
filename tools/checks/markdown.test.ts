import { describe, expect, it } from 'vitest';
import { readMarkdown, slugOf } from './markdown.ts';

const texts = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text);

describe('readMarkdown()', () => {
  it('finds links, images and definitions with their lines, and none in code', () => {
    const { links } = readMarkdown(
      'a.md',
      'see [a](b.md) ![i](c.png "t")\n\n[d]: e.md\n`[x](y.md)`\n```\n[x](z.md)\n```',
    );
    expect(links).toEqual([
      { line: 1, text: 'b.md' },
      { line: 1, text: 'c.png' },
      { line: 3, text: 'e.md' },
    ]);
  });

  it('follows a link or a span into the next line, and no further than its paragraph', () => {
    const { links, codeSpans } = readMarkdown('a.md', 'a [b\nc](d.md) `e\nf` g\n\nlost ` here\n\n`h`');
    expect(links).toEqual([{ line: 2, text: 'd.md' }]);
    expect(codeSpans).toEqual([
      { line: 2, text: 'e\nf' },
      { line: 7, text: 'h' },
    ]);
  });

  it('tells code in the text from code in fences, and leaves drawings out', () => {
    const text = '`one` and ``t`wo``\n```sh\nthree\n```\n~~~\nfour\n```\n~~~\n```mermaid\nfive\n```\n`six`';
    const { codeSpans, codeLines } = readMarkdown('a.md', text);
    expect(texts(codeSpans)).toEqual(['one', 't`wo', 'six']);
    expect(texts(codeLines)).toEqual(['three', 'four', '```']);
  });

  it('has an anchor for each heading and each named place', () => {
    const { anchors } = readMarkdown(
      'a.md',
      '# One\n## One\n<a id="here"></a>\n```\n# no\n```\n## `./anika` & [co](x)',
    );
    expect([...anchors]).toEqual(['one', 'one-1', 'here', 'anika--co']);
  });
});

describe('slugOf()', () => {
  it.each([
    ['What an answer means', 'what-an-answer-means'],
    ['Module auth: users, keys', 'module-auth-users-keys'],
    ['Доставка и повторы', 'доставка-и-повторы'],
    ['ANIKA_HOME', 'anika_home'],
  ])('makes of "%s" what GitHub makes of it', (heading, slug) => {
    expect(slugOf(heading)).toBe(slug);
  });
});
