import { describe, expect, it } from 'vitest';
import { addressKey } from './address-key.ts';

describe('addressKey()', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('counts %s for %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('is one for a whole /64 and another for the next', () => {
    const keys = Array.from({ length: 300 }, (_, n) => addressKey(`2001:db8:1:2::${n.toString(16)}:${n}`));
    expect(new Set(keys).size).toBe(1);
    expect(addressKey('2001:db8:1:3::1')).not.toBe(keys[0]);
  });

  it('takes what is no address as it is, and none for one caller', () => {
    expect(addressKey('unix:/run/proxy')).toBe('unix:/run/proxy');
    expect(addressKey(undefined)).toBe('unknown');
    expect(addressKey('')).toBe('unknown');
  });
});
