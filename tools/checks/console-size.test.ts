import { expect, it } from 'vitest';
import { initialFiles } from './console-size.ts';

it('initialFiles() are the entry and what it imports at once, each once', () => {
  const files = initialFiles({
    'index.html': { file: 'assets/index.js', isEntry: true, imports: ['_a.js', '_b.js'] },
    '_a.js': { file: 'assets/a.js', imports: ['_b.js'] },
    '_b.js': { file: 'assets/b.js', imports: ['_a.js'] },
    'src/routes/topic.tsx': { file: 'assets/topic.js' },
    'src/style.css': { file: 'assets/style.css', isEntry: true },
  });
  expect(files).toEqual(['assets/index.js', 'assets/a.js', 'assets/b.js']);
});
