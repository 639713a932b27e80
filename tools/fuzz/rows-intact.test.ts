import { describe, expect, it } from 'vitest';
import { errorLines } from './anika.ts';
import type { Company } from './company.ts';
import { changes, leaks } from './rows-intact.ts';

const words = {
  topic: 'w-topic',
  url: 'w-url',
  email: 'w-email',
  message: 'w-message',
  secret: 'w-secret',
  key: 'w-key',
};
const company: Company = {
  id: 'par_a',
  name: 'АвтоЭкспресс',
  adminEmail: 'admin@a.test',
  tokens: { admin: '', developer: '', viewer: '', key: '' },
  canary: {
    topicId: '',
    subscriptionId: '',
    messageId: '',
    deliveryId: '',
    userId: '',
    keyId: '',
    accessRequestId: '',
    invitationId: '',
    replayId: '',
    sessionId: '',
    grantId: 'grt_1',
    erasureId: 'era_1',
    words,
  },
};

describe('leaks()', () => {
  it.each([...Object.values(words), 'admin@a.test'])('finds %s in any answer', (word) => {
    const heard = [200, 404].map((status) => ({ request: 'GET /v1/x', status, text: `{"a":"${word}"}` }));
    expect(leaks(heard, company)).toHaveLength(2);
  });

  it('finds the name of the company in refusals only, as the directory shows it', () => {
    const heard = [200, 404].map((status) => ({ request: 'GET /v1/x', status, text: company.name }));
    expect(leaks(heard, company)).toEqual(['GET /v1/x (404) holds the company name']);
  });

  it('finds nothing in an answer that holds none of it', () => {
    expect(leaks([{ request: 'GET /v1/x', status: 404, text: '{"code":"not-found"}' }], company)).toEqual([]);
  });
});

describe('changes()', () => {
  it('names what is not as it was, and what is gone', () => {
    const before = { topic: { status: 200 }, user: { id: 'usr_a' }, key: { id: 'key_a' } };
    expect(changes('victim', before, { topic: { status: 404 }, key: { id: 'key_a' } })).toEqual([
      'victim: topic was {"status":200}, is {"status":404}',
      'victim: user was {"id":"usr_a"}, is undefined',
    ]);
    expect(changes('victim', before, structuredClone(before))).toEqual([]);
  });
});

it('errorLines() finds errors and what a crash prints, not what is expected of callers', () => {
  const lines = [
    '{"level":"warn","msg":"slow"}',
    '{"level":"error","msg":"failed"}',
    '{"level":"fatal","msg":"ended"}',
    'Uncaught Error: gone',
    '    at main (file.ts:1:1)',
  ];
  expect(errorLines(lines.join('\n'))).toEqual(lines.slice(1));
});
