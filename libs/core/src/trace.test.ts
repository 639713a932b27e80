import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idempotentMessageId, newId } from './ids.ts';
import { parseTraceparent, spanIdOf, traceIdOf, traceparentOf } from './trace.ts';

const random = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('traceIdOf()', () => {
  it('is the id of a message as a number, in hexadecimal', () => {
    const nowMs = Date.UTC(2026, 10, 24, 1, 37, 50, 399);
    const bytes = Uint8Array.from({ length: 10 }, (_, index) => index * 17 + 1);
    const id = newId('msg', nowMs, bytes);
    expect(traceIdOf(id)).toBe(nowMs.toString(16).padStart(12, '0') + Buffer.from(bytes).toString('hex'));
  });

  it('keeps all of a new id, and tells those of idempotency keys apart', () => {
    fc.assert(
      fc.property(random(10), fc.integer({ min: 0, max: 2 ** 46 }), (bytes, nowMs) => {
        const traceId = traceIdOf(newId('msg', nowMs, bytes));
        expect(traceId).toBe(nowMs.toString(16).padStart(12, '0') + Buffer.from(bytes).toString('hex'));
      }),
    );
    fc.assert(
      fc.property(random(32), (hash) => {
        const bits = BigInt(`0x${Buffer.from(hash.subarray(0, 17)).toString('hex')}`) >> 6n;
        const last = bits & ((1n << 128n) - 1n);
        expect(traceIdOf(idempotentMessageId(hash))).toBe(last.toString(16).padStart(32, '0'));
      }),
    );
  });
});

describe('spanIdOf()', () => {
  it('is 16 digits, not all zero', () => {
    expect(spanIdOf('00000000-0000-4000-8000-000000000000')).toBe('0000000000004000');
    expect(spanIdOf('36b8f84d-df4e-4d49-b662-bcde71a8764f')).toBe('36b8f84ddf4e4d49');
  });
});

describe('parseTraceparent()', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const span = 'b7ad6b7169203331';
  const of = { traceId: trace, spanId: span };

  it('reads what traceparentOf() writes', () => {
    const id = newId('msg', 1_800_000_000_000, new Uint8Array(10).fill(7));
    expect(parseTraceparent(traceparentOf(id, span))).toEqual({ traceId: traceIdOf(id), spanId: span });
  });

  it.each([
    `00-${trace}-${span}-00`,
    `00-${trace}-${span}-ff`,
    `cc-${trace}-${span}-01`,
    `cc-${trace}-${span}-01-more-to-come`,
  ])('takes %s', (header) => {
    expect(parseTraceparent(header)).toEqual(of);
  });

  it.each([
    undefined,
    '',
    'x'.repeat(10_000),
    `ff-${trace}-${span}-01`,
    `00-${trace}-${span}-01-more`,
    `cc-${trace}-${span}-01.more`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${span}`,
    `00-${trace}-${span}-1`,
    `00-${trace}0-${span}-01`,
    ` 00-${trace}-${span}-01`,
    `00-${trace}-${span}-01, 00-${trace}-${span}-01`,
    `00-${trace}-${span}-01\n`,
  ])('takes %s for none', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});
