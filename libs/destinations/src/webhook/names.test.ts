import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askNameServers, type Found, hostsOf, type Resolve } from './ask-dns.ts';
import { NameError } from './classify-error.ts';
import { createNames } from './names.ts';

const ADDRESS: Found = { address: '192.0.2.7', family: 4, ttl: 30 };

function scene(answer: Resolve) {
  const asked: string[] = [];
  const time = { ms: 1_000_000 };
  const names = createNames({
    now: () => time.ms,
    resolve(hostname, isExempt) {
      asked.push(hostname);
      return answer(hostname, isExempt);
    },
  });
  const ask = async (hostname: string, partnerId = 'par_a') => {
    const lookup = await names.begin({ hostname, partnerId, isExempt: false });
    return lookup?.addresses;
  };
  return { names, ask, asked, time };
}

describe('a name', () => {
  it('is asked for once while the answer is under way, and kept as long as its TTL says', async () => {
    const { ask, asked, time } = scene(async () => [ADDRESS]);
    await Promise.all(Array.from({ length: 10 }, () => ask('a.example')));
    expect(asked).toEqual(['a.example']);
    time.ms += 29_000;
    expect(await ask('a.example')).toEqual([ADDRESS]);
    expect(asked).toHaveLength(1);
    time.ms += 2000;
    await ask('a.example');
    expect(asked).toHaveLength(2);
  });

  it('is kept for five seconds at least and a minute at most, whatever its TTL', async () => {
    let ttl = 0;
    const { ask, asked, time } = scene(async () => [{ ...ADDRESS, ttl }]);
    await ask('short.example');
    time.ms += 4900;
    await ask('short.example');
    expect(asked).toHaveLength(1);
    ttl = 86_400;
    await ask('long.example');
    time.ms += 61_000;
    await ask('long.example');
    expect(asked.filter((each) => each === 'long.example')).toHaveLength(2);
  });

  it('that does not exist is not asked for again at once', async () => {
    const { ask, asked, time } = scene(() => Promise.reject(new NameError('x', { isAnswer: true })));
    await expect(ask('no.example')).rejects.toThrow(NameError);
    await expect(ask('no.example')).rejects.toThrow(NameError);
    expect(asked).toHaveLength(1);
    time.ms += 4000;
    await expect(ask('no.example')).rejects.toThrow(NameError);
    expect(asked).toHaveLength(2);
  });

  it('keeps its old addresses for a minute while nobody answers, and loses them when it is gone', async () => {
    let error: NameError | undefined;
    const { ask, time } = scene(() => (error ? Promise.reject(error) : Promise.resolve([ADDRESS])));
    await ask('a.example');
    time.ms += 31_000;
    error = new NameError('silent');
    expect(await ask('a.example')).toEqual([ADDRESS]);
    time.ms += 5000;
    expect(await ask('a.example')).toEqual([ADDRESS]);
    time.ms += 60_000;
    await expect(ask('a.example')).rejects.toThrow('silent');
    error = undefined;
    time.ms += 4000;
    await ask('a.example');
    time.ms += 31_000;
    error = new NameError('gone', { isAnswer: true });
    await expect(ask('a.example')).rejects.toThrow('gone');
  });
});

it('look-ups of one company wait for one another, and nobody else for them', async () => {
  const { names, ask, asked } = scene((hostname) =>
    hostname.startsWith('silent') ? new Promise(() => {}) : Promise.resolve([ADDRESS]),
  );
  for (let at = 0; at < 4; at += 1) {
    await names.begin({ hostname: `silent${at}.example`, partnerId: 'par_a', isExempt: false });
  }
  const fifth = names.begin({ hostname: 'silent4.example', partnerId: 'par_a', isExempt: false });
  expect(await ask('b.example', 'par_b')).toEqual([ADDRESS]);
  // What another company knows needs no place.
  expect(await ask('b.example', 'par_a')).toEqual([ADDRESS]);
  expect(await fifth).toBeUndefined();
  expect(asked).not.toContain('silent4.example');
});

describe('askNameServers()', () => {
  /** A name server that answers A with `address`, does not answer AAAA, and answers nothing about `silent`. */
  async function nameServer(answers: { readonly aaaa: boolean }): Promise<string> {
    const socket = createSocket('udp4');
    socket.on('message', (query, from) => {
      const name = query.toString('latin1');
      const end = query.indexOf(0, 12);
      const isA = query.readUInt16BE(end + 1) === 1;
      if (name.includes('silent') || (!isA && !answers.aaaa)) return;
      const exists = !name.includes('missing');
      const question = query.subarray(12, end + 5);
      const head = Buffer.alloc(12);
      query.copy(head, 0, 0, 2);
      head.writeUInt16BE(exists ? 0x8180 : 0x8183, 2);
      head.writeUInt16BE(1, 4);
      head.writeUInt16BE(isA && exists ? 1 : 0, 6);
      const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 7]);
      socket.send(
        Buffer.concat([head, question, ...(isA && exists ? [record] : [])]),
        from.port,
        from.address,
      );
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    return `127.0.0.1:${(socket.address() as AddressInfo).port}`;
  }

  it('finds addresses with their TTL, also where nothing is said about IPv6', async () => {
    for (const aaaa of [true, false]) {
      const server = await nameServer({ aaaa });
      const since = performance.now();
      expect(await askNameServers('a.example', [server])).toEqual([
        { address: '192.0.2.7', family: 4, ttl: 9 },
      ]);
      expect(performance.now() - since).toBeLessThan(2000);
    }
  });

  it('tells a name that does not exist from one that nobody answers for, which ends in time', async () => {
    const server = await nameServer({ aaaa: true });
    await expect(askNameServers('missing.example', [server])).rejects.toMatchObject({ isAnswer: true });
    const since = performance.now();
    await expect(askNameServers('silent.example', [server])).rejects.toMatchObject({ isAnswer: false });
    expect(performance.now() - since).toBeLessThan(6000);
  });

  it('is held up by no number of silent names, nor holds up what runs on the few threads', async () => {
    const server = await nameServer({ aaaa: true });
    const silent = Array.from({ length: 50 }, (_, at) =>
      askNameServers(`silent${at}.example`, [server]).catch(() => undefined),
    );
    const since = performance.now();
    expect(await askNameServers('a.example', [server])).toHaveLength(1);
    await import('node:fs/promises').then(({ readFile }) => readFile('/etc/hosts'));
    expect(performance.now() - since).toBeLessThan(1500);
    await Promise.all(silent);
  });
});

it('hostsOf() reads the table of this machine', () => {
  const text =
    '127.0.0.1 localhost\n::1 localhost ip6-localhost # x\n# 10.0.0.9 mongo\n10.0.0.7\tReceiver receiver.local';
  const found = (name: string) => hostsOf(text, name).map(({ address }) => address);
  expect(found('localhost')).toEqual(['127.0.0.1', '::1']);
  expect(found('receiver')).toEqual(['10.0.0.7']);
  expect(found('mongo')).toEqual([]);
  expect(found('x')).toEqual([]);
});
