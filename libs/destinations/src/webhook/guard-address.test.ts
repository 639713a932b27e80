import { said } from '@anika/core/field-rules';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseEgressRules } from './egress-rules.ts';
import { createEgressGuard } from './guard-address.ts';

const strict = createEgressGuard({ allow: [] });

function reasonOf(text: string, guard = strict): string | undefined {
  const checked = guard.checkUrl(text);
  return checked.ok ? undefined : checked.reason;
}

describe('checkUrl() without an allow list', () => {
  test.each([
    'https://hooks.example.com/anika?tenant=7#part',
    'HTTPS://Hooks.Example.COM/x',
    'https://example.com:8443/x',
    'https://93.184.216.34/x',
    'https://[2606:2800:220:1:248:1893:25c8:1946]/x',
    'https://xn--e1afmkfd.xn--p1ai/x',
    'https://пример.рф/хук',
    'https://my_host.example.com/',
  ])('accepts %s', (text) => {
    expect(reasonOf(text)).toBeUndefined();
  });

  test.each([
    // One loopback address, spelled as different parsers would read it.
    'https://127.0.0.1/',
    'https://127.1/',
    'https://127.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://0x7f.1/',
    'https://127.000.000.001/',
    'https://127.0.0.1./',
    'https://%31%32%37.0.0.1/',
    'https://127。0。0。1/',
    'https://127.0.0.1/',
    'https://①②⑦.⓪.⓪.①/',
    // And in IPv6.
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[64:ff9b:1::127.0.0.1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::1]/',
    'https://[2001:0:4136:e378:8000:63bf:80ff:fffe]/',
    'https://[2606:2800::5efe:10.0.0.1]/',
    'https://[fe80::1%25eth0]/',
    // Other ranges.
    'https://0.0.0.0/',
    'https://0/',
    'https://10.0.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[fc00::1]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
    // Names.
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://localhost../',
    'https://app.localhost/',
    'https://printer.local/',
    'https://db.internal/',
    'https://metadata.google.internal/',
    'https://metadata.goog/',
    'https://instance-data/',
    'https://api.default.svc/',
    'https://router.home.arpa/',
    'https://mongo/',
    'https://example.com./',
    'https://exam ple.com/',
    'https://-example.com/',
    'https://example..com/',
    `https://${'a'.repeat(64)}.com/`,
    // Scheme, credentials, port.
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    '//example.com/',
    'example.com',
    'https:example.com',
    'https:/example.com',
    'https:///example.com',
    'https://user@example.com/',
    'https://user:pass@example.com/',
    'https://example.com@127.0.0.1/',
    'https://example.com:0/',
    'https://example.com:22/',
    'https://example.com:25/',
    'https://example.com:1023/',
    'https://example.com:6379/',
    'https://example.com:6667/',
    'https://example.com:10080/',
    'https://example.com:65536/',
    // What the URL parser would drop or repair.
    '',
    ' https://example.com/',
    'https://example.com/\n',
    'https://exa\tmple.com/',
    'https://example.com/\u0000',
    'https://example.com/\u2028',
    'https://exa\u00admple.com/',
    'https:\\\\example.com/',
    'https://example.com\\@127.0.0.1/',
    `https://example.com/${'a'.repeat(2048)}`,
    `https://example.com/${'я'.repeat(1000)}`,
  ])('refuses %j', (text) => {
    expect(reasonOf(text)).toEqual(expect.any(String));
  });

  it('says whether a URL is too long as it is written, or only once it is encoded', () => {
    const [written, encoded] = [
      `https://example.com/${'a'.repeat(2048)}`,
      `https://example.com/${'я'.repeat(700)}`,
    ];
    expect(reasonOf(written)).toBe(said('url-long', { count: 2048 }).message);
    expect(strict.checkUrl(encoded)).toMatchObject({ said: said('url-long-encoded', { count: 2048 }) });
    expect(reasonOf(encoded)).toMatch(/once it is encoded$/);
  });

  it('refuses every number that stands for a private address', () => {
    const privateNumber = fc.oneof(
      fc.integer({ min: 0x0a000000, max: 0x0affffff }),
      fc.integer({ min: 0x7f000000, max: 0x7fffffff }),
      fc.integer({ min: 0xc0a80000, max: 0xc0a8ffff }),
    );
    const spelling = fc.constantFrom(
      (n: number) => String(n),
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => `${n >>> 24}.${n & 0xffffff}`,
      (n: number) => `[::ffff:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}]`,
      (n: number) => `[2002:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}::1]`,
    );
    fc.assert(
      fc.property(privateNumber, spelling, (n, spell) => reasonOf(`https://${spell(n)}/`) !== undefined),
    );
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (text) => void reasonOf(text)),
    );
  });

  it('says why', () => {
    expect(reasonOf('https://10.0.0.1/')).toBe('the address 10.0.0.1 is not on the public internet');
    expect(reasonOf('http://example.com/')).toBe('it must begin with https://');
    expect(reasonOf('https://example.com:25/')).toBe('port 25 is not one for web servers');
  });
});

describe('allowsAddress() without an allow list', () => {
  test.each([
    ['93.184.216.34', true],
    ['8.8.8.8', true],
    ['2606:2800:220:1:248:1893:25c8:1946', true],
    ['64:ff9b::8.8.8.8', true],
    ['64:ff9b::10.0.0.1', false],
    ['64:ff9b:0:1::8.8.8.8', false],
    ['64:ff9b:1::8.8.8.8', false],
    ['::ffff:8.8.8.8', false],
    ['::8.8.8.8', false],
    ['2002:808:808::1', false],
    ['2001:0:808:808::1', false],
    ['127.0.0.1', false],
    ['::1', false],
    ['::', false],
    ['0.0.0.0', false],
    ['10.1.2.3', false],
    ['100.127.255.255', false],
    ['169.254.169.254', false],
    ['172.20.0.1', false],
    ['192.0.0.1', false],
    ['192.88.99.1', false],
    ['192.168.0.1', false],
    ['198.19.255.255', false],
    ['198.51.100.1', false],
    ['203.0.113.1', false],
    ['239.0.0.1', false],
    ['240.0.0.1', false],
    ['fd12:3456::1', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['2606:2800::1%eth0', false],
    ['fec0::1', false],
    ['ff0e::1', false],
    ['100::1', false],
    ['2001:2::1', false],
    ['2001:db8::1', false],
    ['3fff::1', false],
    ['5f00::1', false],
    ['4000::1', false],
    ['not an address', false],
    ['', false],
  ])('%s: %s', (address, allowed) => {
    expect(strict.allowsAddress(address, 'example.com', 443)).toBe(allowed);
  });
});

describe('an allow list', () => {
  const guard = createEgressGuard({
    allow: ['127.0.0.1', '10.1.0.0/16:8080', 'hooks.internal:9000', '[fd00::1]:8443', 'mongo'],
  });

  test.each([
    'http://127.0.0.1/',
    'http://127.0.0.1:6379/',
    'http://2130706433:22/',
    'https://127.0.0.1:3000/',
    'http://localhost:3000/',
    'http://10.1.2.3:8080/',
    'http://hooks.internal:9000/',
    'http://[fd00::1]:8443/',
    'http://mongo:27017/',
    'https://example.com/',
  ])('lets %s through', (text) => {
    expect(reasonOf(text, guard)).toBeUndefined();
  });

  test.each([
    'http://127.0.0.2/',
    'https://[::ffff:127.0.0.1]/',
    'http://10.1.2.3:8081/',
    'https://10.2.0.1:8080/',
    'https://[fd00::1]/',
    'http://example.com/',
    'https://user@127.0.0.1/',
    'https://example.com:25/',
  ])('still refuses %s', (text) => {
    expect(reasonOf(text, guard)).toEqual(expect.any(String));
  });

  it('lets a name resolve to a listed address, and a listed name to any', () => {
    expect(guard.allowsAddress('127.0.0.1', 'localhost', 3000)).toBe(true);
    expect(guard.allowsAddress('127.0.0.2', 'localhost', 3000)).toBe(false);
    expect(guard.allowsAddress('10.1.0.9', 'example.com', 8080)).toBe(true);
    expect(guard.allowsAddress('10.1.0.9', 'example.com', 443)).toBe(false);
    expect(guard.allowsAddress('172.18.0.3', 'mongo', 27017)).toBe(true);
    expect(guard.allowsAddress('172.18.0.3', 'hooks.internal', 9001)).toBe(false);
  });

  it('refuses local names when it lists names only', () => {
    expect(reasonOf('https://localhost/', createEgressGuard({ allow: ['mongo'] }))).toEqual(
      expect.any(String),
    );
  });
});

describe('services of clouds', () => {
  test.each([
    '168.63.129.16',
    '::ffff:168.63.129.16',
    '64:ff9b::168.63.129.16',
    '2002:a83f:8110::1',
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd20:ce::254',
    'fd00:42::42',
  ])('%s is not connected to', (address) => {
    expect(strict.allowsAddress(address, 'innocent.example.com', 443)).toBe(false);
    const host = address.includes(':') ? `[${address}]` : address;
    expect(reasonOf(`https://${host}/`, strict)).toEqual(expect.any(String));
  });

  it('are so only by their very address', () => {
    expect(strict.allowsAddress('168.63.129.17', 'example.com', 443)).toBe(true);
  });
});

describe('a deny list', () => {
  const guard = createEgressGuard({
    allow: ['10.0.0.0/8', 'receiver', '127.0.0.1'],
    deny: ['203.0.112.0/24', 'corp.example', '10.0.0.1', 'receiver', 'one.example:8443', '2600:1f00::/24'],
  });

  test.each([
    'https://203.0.112.9/',
    'https://3405803529/',
    'https://corp.example/',
    'https://CORP.example:8443/',
    'https://deep.below.corp.example/',
    'http://10.0.0.1/',
    'http://receiver:9000/',
    'https://one.example:8443/',
    'https://[2600:1f00::7]/',
  ])('refuses %s, whatever the allow list says', (text) => {
    expect(reasonOf(text, guard)).toEqual(expect.any(String));
  });

  test.each([
    'https://notcorp.example/',
    'https://one.example/',
    'http://10.0.0.2/',
    'https://203.0.113.9.example/',
  ])('lets %s through', (text) => {
    expect(reasonOf(text, guard)).toBeUndefined();
  });

  it('holds for what a name resolves to, in every disguise, and for allowed names', () => {
    const allows = (address: string, hostname = 'innocent.example') =>
      guard.allowsAddress(address, hostname, 443);
    expect(allows('203.0.112.9')).toBe(false);
    expect(allows('64:ff9b::203.0.112.9')).toBe(false);
    expect(allows('2600:1f00::7')).toBe(false);
    expect(allows('10.0.0.1')).toBe(false);
    expect(allows('10.0.0.2', 'receiver')).toBe(false);
    expect(allows('93.184.216.34', 'x.corp.example')).toBe(false);
    expect(allows('93.184.216.34')).toBe(true);
    expect(guard.isExempt('receiver', 80)).toBe(false);
    expect(guard.isExempt('10.0.0.2', 80)).toBe(true);
  });
});

describe('parseEgressRules()', () => {
  it('splits at commas and white space', () => {
    expect(parseEgressRules(' 127.0.0.1, ::1\n10.0.0.0/8:443,,[fe80::/10]:80\tlocalhost:3000 ')).toEqual([
      '127.0.0.1',
      '::1',
      '10.0.0.0/8:443',
      '[fe80::/10]:80',
      'localhost:3000',
    ]);
    expect(parseEgressRules('')).toEqual([]);
  });

  test.each([
    'http://x',
    '10.0.0.0/33',
    '10.0.0',
    '300.1.1.1',
    '1.2.3.4:99999',
    'x:0',
    '*.example.com',
    '[::1',
    'a_b!',
    'x:y',
  ])('refuses %s, naming it', (entry) => {
    expect(() => parseEgressRules(`127.0.0.1 ${entry}`)).toThrow(`"${entry}"`);
  });
});
