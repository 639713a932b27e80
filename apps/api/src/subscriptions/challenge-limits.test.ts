import { Failure } from '@anika/core/failures';
import type { PartnerId } from '@anika/core/ids';
import { describe, expect, it } from 'vitest';
import { createChallengeLimits } from './challenge-limits.ts';

function counting(limit: number) {
  const counts = new Map<string, number>();
  return {
    counts,
    async consume(who: string) {
      const count = (counts.get(who) ?? 0) + 1;
      counts.set(who, count);
      return { allowed: count <= limit, limit, resetSeconds: 17 };
    },
  };
}

const hostOf = (url: string) => new URL(url).hostname;
const partner = (n: number) => `par_${n}` as PartnerId;

describe('createChallengeLimits()', () => {
  it('counts a host over all companies, however it is written', async () => {
    const ofHost = counting(3);
    const limits = createChallengeLimits({ ofHost, ofPartner: counting(100), hostOf });
    await limits('https://hooks.example/a', partner(1));
    await limits('https://HOOKS.example:8443/b?c', partner(2));
    await limits('https://hooks.example./', partner(3));
    await expect(limits('https://hooks.example/', partner(4))).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterSeconds: 17,
    });
    await limits('https://other.example/', partner(4));
    expect([...ofHost.counts.keys()].join()).not.toContain('example');
  });

  it('counts a company over all hosts, and past its own limit nothing of a host', async () => {
    const ofHost = counting(100);
    const limits = createChallengeLimits({ ofHost, ofPartner: counting(2), hostOf });
    await limits('https://a.example/', partner(1));
    await limits('https://b.example/', partner(1));
    await expect(limits('https://c.example/', partner(1))).rejects.toThrow(Failure);
    expect(ofHost.counts.size).toBe(2);
    await limits('https://c.example/', partner(2));
  });

  it('leaves alone what is not to be counted', async () => {
    const limits = createChallengeLimits({
      ofHost: counting(0),
      ofPartner: counting(0),
      hostOf: (url) => (url.includes('127.0.0.1') ? undefined : hostOf(url)),
    });
    await limits('http://127.0.0.1:9000/', partner(1));
    await expect(limits('https://127.0.0.2/', partner(1))).rejects.toThrow('at most 0 an hour');
  });
});
