import { describe, expect, it } from 'vitest';
import { environmentDifferences, exampleDifferences, variablesReadIn } from './environment.ts';

describe('variablesReadIn()', () => {
  it('sees what a source takes from its environment, and no constant in a template string', () => {
    const text = `process.env.ANIKA_HOME ?? env.NO_COLOR; url: 'ANIKA_TEST_URL'; \`\${HELD}\`; process.env.PATH`;
    expect(variablesReadIn({ path: 'tools/a.ts', text })).toEqual([
      'ANIKA_HOME',
      'NO_COLOR',
      'ANIKA_TEST_URL',
    ]);
  });

  it('sees what a Compose file or a template is filled with, and not what is left for the container', () => {
    const text = `a: \${ANIKA_A:?see}\nb: \${B:-1}\nc: \${C}\nd: $\${D}\ne: $host`;
    expect(variablesReadIn({ path: 'docker-compose.yml', text })).toEqual(['ANIKA_A', 'B', 'C']);
  });
});

describe('environmentDifferences()', () => {
  const source = { path: 'tools/a.ts', text: 'process.env.ANIKA_ONE' };

  it('has nothing to say when each variable is described once, here or in a schema', () => {
    const described = new Set(['ANIKA_ONE']);
    expect(environmentDifferences([source], { described, elsewhere: new Set() })).toEqual([]);
    expect(environmentDifferences([source], { described: new Set(), elsewhere: described })).toEqual([]);
  });

  it('names a variable that is read and not described, and one that is described and not read', () => {
    const found = environmentDifferences([source], {
      described: new Set(['ANIKA_TWO']),
      elsewhere: new Set(),
    });
    expect(found).toEqual([
      'tools/a.ts: reads ANIKA_ONE, which tools/checks/launcher-settings.ts does not describe',
      'tools/checks/launcher-settings.ts: describes ANIKA_TWO, which nothing reads',
    ]);
  });
});

describe('exampleDifferences()', () => {
  it('names a line that the Compose file would not read, commented out or not', () => {
    const example = { path: 'env.example', text: '# text\nA=\n#B=1\nC=\n#D=\n' };
    const compose = { path: 'compose.yml', text: `x: \${A:?see}\n  environment:\n    B:\n    D: 1\n` };
    expect(exampleDifferences(example, compose)).toEqual([
      'env.example: sets C, which compose.yml does not read',
      'env.example: sets D, which compose.yml does not read',
    ]);
  });
});
