import { describe, expect, it } from 'vitest';
import { pageDifference } from './compare.ts';

describe('pageDifference()', () => {
  it('has nothing to say of a page that is as expected', () => {
    expect(pageDifference('docs/a.md', { now: 'a\n', expected: 'a\n' })).toBeUndefined();
  });

  it('says that a page is missing and how to make it', () => {
    expect(pageDifference('docs/a.md', { now: undefined, expected: 'a\n' })).toMatch(
      /^docs\/a\.md: is missing;.*--write$/,
    );
  });

  it.each([
    ['a changed line', 'a\nold\nc\n', 'docs/a.md:2: is not what its sources say, "new"'],
    ['a lost line', 'a\nc\n', 'docs/a.md:2: is not what its sources say, "new"'],
    ['a line too many', 'a\nnew\nc\n\nmore\n', 'docs/a.md:5: is not what its sources say, ""'],
  ])('names the line of %s', (_what, now, problem) => {
    expect(pageDifference('docs/a.md', { now, expected: 'a\nnew\nc\n' })).toContain(problem);
  });
});
