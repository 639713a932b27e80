import { describe, expect, it } from 'vitest';
import { callsIn, testsOfRoutes } from './route-tests.ts';

const ROUTES = [
  { id: 'list', method: 'get', path: '/v1/topics' },
  { id: 'create', method: 'post', path: '/v1/topics' },
  { id: 'read', method: 'get', path: '/v1/topics/{id}' },
  { id: 'pause', method: 'post', path: '/v1/subscriptions/{id}/pause' },
  { id: 'resume', method: 'post', path: '/v1/subscriptions/{id}/resume' },
] as const;

function idsCalledIn(text: string): string[] {
  const found = testsOfRoutes(ROUTES, [{ path: 'a.int.test.ts', text }]);
  return ROUTES.filter(({ id }) => found.get(id)?.includes('a.int.test.ts')).map(({ id }) => id);
}

describe('callsIn()', () => {
  it('reads paths with their holes, without query, and the method before them', () => {
    const text = `call('POST', \`/v1/a/\${f({ b: \`x\${1}\` })}/c?where=\${1}\`); get('/v1/d'); fetch(\`\${api.url}/v1/e\`)`;
    expect(callsIn(text)).toEqual([
      { method: 'post', path: '/v1/a/{}/c' },
      { method: undefined, path: '/v1/d' },
      { method: undefined, path: '/v1/e' },
    ]);
  });
});

describe('testsOfRoutes()', () => {
  it('takes a call for the route of its method and path', () => {
    expect(idsCalledIn("api.call('POST', '/v1/topics', { token })")).toEqual(['create']);
    expect(idsCalledIn("call(\n  'GET',\n  '/v1/topics?limit=2')")).toEqual(['list']);
  });

  it('takes a path without a method only when it is the path of one route', () => {
    expect(idsCalledIn("get('/v1/topics')")).toEqual([]);
    expect(idsCalledIn(`get(\`/v1/topics/\${id}\`)`)).toEqual(['read']);
  });

  it('lets a hole stand for a fixed segment that the file has as a string', () => {
    const helper = `call('POST', \`/v1/subscriptions/\${id}/\${action}\`)`;
    expect(idsCalledIn(helper)).toEqual([]);
    expect(idsCalledIn(`${helper}; act(id, 'pause')`)).toEqual(['pause']);
  });

  it('takes nothing for a call of another method or a longer path', () => {
    expect(
      idsCalledIn(`call('DELETE', \`/v1/topics/\${id}\`); call('GET', \`/v1/topics/\${id}/grants\`)`),
    ).toEqual([]);
  });
});
