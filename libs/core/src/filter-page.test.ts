import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compileFilter } from './compile-filter.ts';
import { parseExact } from './exact-json.ts';
import { parseFilterText } from './filter.ts';

const page = readFileSync(new URL('../../../docs/filters.md', import.meta.url), 'utf8');
const dataText = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
const examples = [...page.matchAll(/^\| `(\{.*\})` \| (yes|no) \|/gm)].map(
  ([, filter = '', holds = '']) => [filter, holds] as const,
);

it('docs/filters.md has examples', () => {
  expect(examples.length).toBeGreaterThan(15);
});

it.each(examples)('docs/filters.md is right about %s: %s', (text, holds) => {
  const parsed = parseFilterText(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const subject = { type: 'car.chosen', key: undefined, data: parseExact(dataText) };
  expect(compileFilter(parsed.filter)(subject)).toBe(holds === 'yes');
});
