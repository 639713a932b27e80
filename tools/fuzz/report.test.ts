import { describe, expect, it } from 'vitest';
import { createTally, cut, type FuzzAnswer } from './report.ts';

const base64 = (text: string) => ({ $base64: Buffer.from(text).toString('base64') });
const answered = (status: number, text = '', uri = 'http://127.0.0.1/v1/topics') => ({
  request: { method: 'GET', uri },
  response: { status_code: status, content: base64(text) },
});
const failed = (title: string, message: string) => ({
  name: 'not_a_server_error',
  status: 'failure',
  failure_info: { failure: { title, message, operation: 'GET /v1/topics' } },
});
const finished = (label: string, recorder: object) => ({
  ScenarioFinished: { recorder: { label, ...recorder } },
});
const END = { EngineFinished: { running_time: 1 } };

function read(events: readonly object[]) {
  const answers: FuzzAnswer[] = [];
  const tally = createTally((answer) => answers.push(answer));
  for (const event of events) tally.add(event);
  return { report: tally.result(), answers };
}

describe('createTally()', () => {
  it('counts operations, answered cases and those that were done', () => {
    const { report } = read([
      finished('GET /v1/topics', { interactions: { a: answered(200), b: answered(422) } }),
      finished('GET /v1/topics', { interactions: { c: { ...answered(200), response: null } } }),
      finished('GET /v1/grants', { interactions: { d: answered(204) } }),
      finished('GET /v1/audit', {}),
      END,
    ]);
    expect(report).toEqual({ operations: 2, cases: 3, accepted: 2, failures: [] });
  });

  it('hands on every answer as text', () => {
    const { answers } = read([
      finished('GET /v1/topics', { interactions: { a: answered(200, 'Тема') } }),
      END,
    ]);
    expect(answers).toEqual([{ operation: 'GET /v1/topics', status: 200, text: 'Тема' }]);
  });

  it('names each failure once, with its request and how often it came', () => {
    const checks = {
      a: [failed('Server error', 'oops'), { name: 'other', status: 'success' }],
      b: [failed('Server error', 'oops')],
    };
    const interactions = { a: answered(500), b: answered(500) };
    const { report } = read([finished('GET /v1/topics', { checks, interactions }), END]);
    expect(report.failures).toEqual([
      {
        operation: 'GET /v1/topics',
        check: 'not_a_server_error',
        message: 'Server error: oops',
        request: 'GET http://127.0.0.1/v1/topics',
        status: 500,
        count: 2,
      },
    ]);
  });

  it('cuts what a failure says and where it was asked', () => {
    const uri = `http://127.0.0.1/v1/topics/${'%F0'.repeat(10_000)}`;
    const checks = { a: [failed('Long', 'x\n\u001b[31m'.repeat(1000))] };
    const { report } = read([
      finished('GET /v1/topics/{id}', { checks, interactions: { a: answered(500, '', uri) } }),
      END,
    ]);
    const [failure] = report.failures;
    expect(failure?.request.length).toBe(200);
    expect(failure?.message.length).toBe(200);
    expect(failure?.message).not.toMatch(/\p{Cc}/u);
  });

  it('counts an error of schemathesis itself as a failure', () => {
    const { report } = read([
      finished('GET /v1/topics', { interactions: { a: answered(200) } }),
      { NonFatalError: { label: 'POST /v1/topics', value: { message: 'no such schema' } } },
      { FatalError: { exception: { message: 'gone' } } },
      END,
    ]);
    expect(report.failures.map(({ operation, check }) => `${check} ${operation}`)).toEqual([
      'NonFatalError POST /v1/topics',
      'FatalError the whole run',
    ]);
  });

  it('does not take half a report, or one without a request, for a good one', () => {
    expect(() => read([finished('GET /v1/topics', { interactions: { a: answered(200) } })])).toThrow(
      'not whole',
    );
    expect(() => read([END])).toThrow('not whole');
  });

  it('does not pass over a scenario of a form it does not know', () => {
    expect(() => read([{ ScenarioFinished: { recorder: { label: 'a', checks: [] } } }, END])).toThrow();
  });
});

describe('cut()', () => {
  it.each([
    ['short', 'short'],
    ['two\nlines\tand\u0000more', 'two lines and more'],
  ])('%j becomes %j', (text, expected) => {
    expect(cut(text)).toBe(expected);
  });
});
