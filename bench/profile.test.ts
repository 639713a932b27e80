import { expect, it } from 'vitest';
import { stagesOf } from './profile.ts';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

it('counts what Node does for whoever asked for it, and not what it waits', () => {
  const profile = {
    nodes: [
      node(1, '(root)', '', [2, 5, 6, 7]),
      node(2, 'publish', 'file:///x/apps/api/src/messages/publish-message.ts', [3]),
      node(3, 'insert', 'file:///x/node_modules/mongodb/lib/collection.js', [4]),
      node(4, 'writev', 'node:internal/stream_base_commons'),
      node(5, '(garbage collector)', ''),
      node(6, '(idle)', ''),
      node(7, 'onread', 'node:net', [8]),
      node(8, 'seal', 'file:///x/node_modules/@node-rs/argon2/index.js'),
    ],
    samples: [2, 3, 4, 5, 6, 7, 8],
    timeDeltas: [1000, 2000, 3000, 500, 90_000, 400, 300],
  };
  expect(stagesOf(profile)).toEqual([
    { name: 'mongodb', ms: 5 },
    { name: 'apps/api/messages', ms: 1 },
    { name: 'garbage collection', ms: 0.5 },
    { name: 'Node itself', ms: 0.4 },
    { name: '@node-rs/argon2', ms: 0.3 },
  ]);
});
