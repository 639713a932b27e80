import { describe, expect, it } from 'vitest';
import { opsDifferences } from './ops-routes.ts';

describe('opsDifferences()', () => {
  const health = { path: '/healthz', servedBy: 'api', access: 'anyone', summary: 'lives' };

  it('has nothing to say when all that is mounted is listed', () => {
    expect(opsDifferences("mounted = [{ path: '/healthz', handler }]", [health])).toEqual([]);
  });

  it('names what is mounted and not listed, and what is listed and not mounted', () => {
    expect(opsDifferences("mounted = [{ path: '/debug', handler }]", [health])).toEqual([
      'tools/checks/ops-routes.ts: does not list /debug, which the api mounts',
      'tools/checks/ops-routes.ts: lists /healthz, which the api does not mount',
    ]);
  });
});
