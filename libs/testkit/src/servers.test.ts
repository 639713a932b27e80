import { describe, expect, it } from 'vitest';
import { readServers } from './servers.ts';

const nowhere = { ANIKA_HOME: '/nonexistent' };

describe('readServers()', () => {
  it('takes the servers that the environment names', () => {
    const servers = readServers({
      ...nowhere,
      ANIKA_TEST_DATABASE_URL: 'postgresql://a/b',
      ANIKA_TEST_MONGODB_URL: 'mongodb://a/b',
      ANIKA_TEST_REDIS_URL: 'redis://a',
    });
    expect(servers).toEqual({
      databaseUrl: 'postgresql://a/b',
      mongodbUrl: 'mongodb://a/b',
      redisUrl: 'redis://a',
    });
  });

  it('says how to start them when there are none', () => {
    expect(() => readServers(nowhere)).toThrow(
      'ANIKA_TEST_DATABASE_URL is not set: run them with ./anika test',
    );
  });
});
