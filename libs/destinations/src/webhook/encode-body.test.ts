import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEncodeBody } from './encode-body.ts';

const LARGE = `"${'машина '.repeat(5000)}"`;

describe('createEncodeBody()', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['small', '{"a":"ж"}'],
    ['large', LARGE],
  ])('gives the bytes and their hash: %s', (_, text) => {
    const { bytes, sha256 } = createEncodeBody()(text);
    expect(bytes.toString()).toBe(text);
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('encodes what goes to several readers at once for the first of them only', () => {
    const encode = createEncodeBody();
    expect(encode(`${LARGE} `.trim()).bytes).toBe(encode(LARGE).bytes);
  });

  it('does not take one body for another of the same length', () => {
    const encode = createEncodeBody();
    encode(LARGE);
    const other = LARGE.replace('м', 'М');
    expect(encode(other).bytes.toString()).toBe(other);
  });

  it('keeps the last one only, and has one timer', () => {
    const encode = createEncodeBody();
    for (const word of ['а', 'б', 'в']) encode(`${LARGE}${word}`);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('keeps none for longer than a moment', () => {
    const encode = createEncodeBody();
    const first = encode(LARGE);
    vi.advanceTimersByTime(500);
    expect(encode(LARGE).bytes).not.toBe(first.bytes);
  });
});
