import { describe, expect, it } from 'vitest';
import { codes, page, table } from './table.ts';

describe('table()', () => {
  it('keeps bars and line breaks from breaking a row', () => {
    expect(table(['a', 'b'], [['x|y', 'one\n  two']])).toBe('| a | b |\n|---|---|\n| x\\|y | one two |');
  });
});

describe('page()', () => {
  it('breaks paragraphs into lines and leaves headings, tables and code alone', () => {
    const long = 'word '.repeat(60).trim();
    const lines = page([`# ${long}`, long, `| ${long} |`, `\`\`\`\n${long}\n\`\`\``]).split('\n');
    expect(lines).toContain(`# ${long}`);
    expect(lines).toContain(`| ${long} |`);
    expect(lines).toContain(long);
    expect(lines.filter((line) => /^word( word)*$/.test(line) && line.length <= 115)).toHaveLength(3);
  });
});

describe('codes()', () => {
  it('puts each name between backticks', () => {
    expect(codes(['a', 'b'])).toBe('`a`, `b`');
  });
});
