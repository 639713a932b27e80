import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretBox, parseSecretKeys } from './secret-box.ts';

const key = (fill: number) => Buffer.alloc(32, fill);
const oldBox = createSecretBox(new Map([['k1', key(1)]]));
const newBox = createSecretBox(
  new Map([
    ['k2', key(2)],
    ['k1', key(1)],
  ]),
);

describe('createSecretBox()', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
        expect(oldBox.open(oldBox.seal(plain, context), context)).toBe(plain);
      }),
    );
  });

  it('seals the same text differently each time and shows none of it', () => {
    const [a, b] = [oldBox.seal('whsec_visible', 'x'), oldBox.seal('whsec_visible', 'x')];
    expect(a).not.toBe(b);
    expect(a).not.toContain('whsec');
    expect(Buffer.from(a.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('whsec');
  });

  it('opens what an older key sealed and says that it is old', () => {
    const sealed = oldBox.seal('secret', 'x');
    expect(newBox.open(sealed, 'x')).toBe('secret');
    expect([oldBox.isOld(sealed), newBox.isOld(sealed)]).toEqual([false, true]);
    expect(newBox.isOld(newBox.seal('secret', 'x'))).toBe(false);
  });

  it('names the key that is missing and nothing else', () => {
    const sealed = newBox.seal('secret', 'x');
    expect(() => oldBox.open(sealed, 'x')).toThrow(/"k2", which is not configured/);
  });

  it('does not open a text that belongs to something else', () => {
    const sealed = oldBox.seal('secret', 'subscription:1');
    expect(() => oldBox.open(sealed, 'subscription:2')).toThrow();
  });

  it('does not open a text that was changed anywhere', () => {
    const sealed = oldBox.seal('a secret of some length', 'x');
    const bytesOf = (part: number) => Buffer.from(sealed.split('.')[part] ?? '', 'base64url');
    for (const part of [1, 2, 3]) {
      for (let at = 0; at < bytesOf(part).length; at += 1) {
        const bytes = bytesOf(part);
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        const parts = sealed.split('.');
        parts[part] = bytes.toString('base64url');
        expect(() => oldBox.open(parts.join('.'), 'x')).toThrow();
      }
    }
  });

  it.each(['', 'k1', 'k1...', 'k1.AAAA.AAAA.AAAA'])('does not open %j', (sealed) => {
    expect(() => oldBox.open(sealed, 'x')).toThrow();
  });

  it('does not open a text whose tag was cut short', () => {
    const [id, nonce, tag = '', text] = oldBox.seal('secret', 'x').split('.');
    const short = Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url');
    expect(() => oldBox.open([id, nonce, short, text].join('.'), 'x')).toThrow();
  });

  it('needs a key', () => {
    expect(() => createSecretBox(new Map())).toThrow(RangeError);
  });
});

describe('parseSecretKeys()', () => {
  const encoded = (fill: number) => key(fill).toString('base64');

  it('reads the keys in their order', () => {
    const keys = parseSecretKeys(`k2:${encoded(2)}, k1:${encoded(1)}`);
    expect([...(keys ?? [])]).toEqual([
      ['k2', key(2)],
      ['k1', key(1)],
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no id', encoded(1)],
    ['a short key', `k1:${Buffer.alloc(31).toString('base64')}`],
    ['a long key', `k1:${Buffer.alloc(33).toString('base64')}`],
    ['an id twice', `k1:${encoded(1)},k1:${encoded(2)}`],
    ['an id with other characters', `K.1:${encoded(1)}`],
    ['a comma too many', `k1:${encoded(1)},`],
  ])('refuses %s', (_, text) => {
    expect(parseSecretKeys(text)).toBeUndefined();
  });
});
