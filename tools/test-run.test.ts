import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { countTests, createTestRun } from './test-run.ts';

describe('countTests()', () => {
  it('takes the numbers of the report', () => {
    expect(countTests({ numPassedTests: 5, numFailedTests: 0 }, true)).toEqual({ passed: 5, failed: 0 });
    expect(countTests({ numPassedTests: 5, numFailedTests: 2 }, false)).toEqual({ passed: 5, failed: 2 });
  });

  it('counts a failure that belongs to no test', () => {
    expect(countTests({ numPassedTests: 5, numFailedTests: 0 }, false)).toEqual({ passed: 5, failed: 1 });
  });

  it('counts a run without a report as one failure', () => {
    expect(countTests(undefined, false)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('createTestRun()', () => {
  function begin(signal: AbortSignal = new AbortController().signal) {
    const lines: string[] = [];
    return { lines, run: createTestRun({ say: (line) => lines.push(line), signal, results: tmpdir() }) };
  }

  it('goes on after a failure and ends with the sums', async () => {
    const { lines, run } = begin();
    await run.check('wrong', process.execPath, ['-e', 'console.log("what is wrong"); process.exit(3)']);
    await run.check('right', process.execPath, ['-e', 'console.log("not shown")']);
    expect(run.report({ needsTests: false })).toBe(1);
    expect(lines).toContain('what is wrong');
    expect(lines).not.toContain('not shown');
    expect(lines.at(-1)).toBe('1 passed, 1 failed');
  });

  it('fails a check whose program cannot be started', async () => {
    const { run } = begin();
    await run.check('missing', '/nonexistent/program', []);
    expect(run.report({ needsTests: false })).toBe(1);
  });

  it('fails when tests were asked for and none was found', () => {
    const { lines, run } = begin();
    expect(run.report({ needsTests: true })).toBe(1);
    expect(lines.at(-1)).toBe('0 passed, 1 failed');
  });

  it('begins nothing more once it is stopped, and fails', async () => {
    const { run } = begin(AbortSignal.abort());
    await run.step('never', () => Promise.reject(new Error('was begun')));
    expect(run.report({ needsTests: false })).toBe(1);
  });
});
