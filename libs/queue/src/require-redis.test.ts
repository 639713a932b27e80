import { expect, test } from 'vitest';
import { parseInfo, redisProblem } from './require-redis.ts';

/** As a server says it; `INFO` of Redis 7.0, shortened. */
function infoOf(changes: Readonly<Record<string, string>> = {}): string {
  const lines = {
    redis_version: '7.0.15',
    redis_mode: 'standalone',
    executable: '/usr/bin/redis-server',
    maxmemory_policy: 'noeviction',
    role: 'master',
    ...changes,
  };
  return `# Server\r\n${Object.entries(lines)
    .map(([name, value]) => `${name}:${value}\r\n`)
    .join('')}`;
}

test.each([
  ['Redis 6.2', { redis_version: '6.2.0' }],
  ['Redis 8', { redis_version: '8.0.1' }],
  ['Valkey', { redis_version: '7.2.4', server_name: 'valkey', valkey_version: '8.1.1' }],
  ['Valkey 9, which calls its mode otherwise', { redis_mode: '', server_mode: 'standalone' }],
  ['a replica that may be written to', { role: 'slave', slave_read_only: '0' }],
])('%s can be used', (_, changes) => {
  expect(redisProblem(parseInfo(infoOf(changes)))).toBeUndefined();
});

test.each([
  ['an old one', { redis_version: '6.0.16' }, 'Redis 6.0.16 is too old: use 6.2 or newer, or Valkey.'],
  ['an ancient one', { redis_version: '5.0.3' }, 'Redis 5.0.3 is too old'],
  ['a node of a cluster', { redis_mode: 'cluster' }, 'a node of a Redis Cluster'],
  ['a sentinel', { redis_mode: 'sentinel' }, 'names a Sentinel'],
  ['a Valkey sentinel', { redis_mode: '', server_mode: 'sentinel' }, 'a Sentinel'],
  ['a replica', { role: 'slave', slave_read_only: '1' }, 'names a replica'],
  ...['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-ttl'].map(
    (policy): [string, Record<string, string>, string] => [
      policy,
      { maxmemory_policy: policy },
      `maxmemory-policy ${policy}`,
    ],
  ),
])('%s is refused in one sentence that says what to do', (_, changes, words) => {
  const problem = redisProblem(parseInfo(infoOf(changes)));
  expect(problem).toContain(words);
  expect(problem).toMatch(/^[^\n]*: (use|name|set) [^\n]*\.$/);
});
