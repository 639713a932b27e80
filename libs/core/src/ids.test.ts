import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base32,
  deliverJobId,
  deliveryId,
  deliveryIdRange,
  idempotencyInput,
  idempotentMessageId,
  isAnyId,
  isId,
  newId,
  parseDeliverJobId,
  type TopicId,
} from './ids.ts';

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const messageIds = fc.tuple(time, bytes).map(([ms, random]) => newId('msg', ms, random));

describe('newId()', () => {
  it('makes ids that isId() knows by their prefix and no other', () => {
    fc.assert(
      fc.property(time, bytes, (ms, random) => {
        const id = newId('sub', ms, random);
        expect(id).toMatch(/^sub_[0-9a-hjkmnp-tv-z]{26}$/);
        expect([isId('sub', id), isId('msg', id), isAnyId(id)]).toEqual([true, false, true]);
      }),
    );
  });

  it('sorts as time does', () => {
    fc.assert(
      fc.property(time, time, bytes, bytes, (a, b, x, y) => {
        if (a !== b) expect(newId('msg', a, x) < newId('msg', b, y)).toBe(a < b);
      }),
    );
  });

  it('keeps all of its random bits', () => {
    fc.assert(
      fc.property(bytes, bytes, (x, y) => {
        const same = Buffer.compare(x.subarray(0, 10), y.subarray(0, 10)) === 0;
        expect(newId('msg', 1, x) === newId('msg', 1, y)).toBe(same);
      }),
    );
  });

  it('refuses too little randomness', () => {
    expect(() => newId('msg', 1, new Uint8Array(9))).toThrow(RangeError);
  });
});

describe('isId()', () => {
  it.each([
    '',
    'msg_',
    'msg_ABCDEFGHJKMNPQRSTV',
    'msg_0123456789abcdef\n',
    'xmsg_0123456789abcdef',
    "msg_' or 1=1 --012345",
  ])('refuses %j', (text) => {
    expect([isId('msg', text), isAnyId(text)]).toEqual([false, false]);
  });
});

describe('idempotentMessageId()', () => {
  it('is an id of a message, the same for the same hash', () => {
    fc.assert(
      fc.property(bytes, (hash) => {
        const id = idempotentMessageId(hash);
        expect(isId('msg', id) && id.length === 30).toBe(true);
        expect(idempotentMessageId(Uint8Array.from(hash))).toBe(id);
      }),
    );
  });

  it('is made from a topic and a key that cannot be confused with another pair', () => {
    const topic = newId('top', 1, new Uint8Array(10)) as TopicId;
    const input = idempotencyInput(topic, 'a\nb');
    expect(input.slice(0, input.indexOf('\n'))).toBe(topic);
  });
});

describe('deliveryId()', () => {
  it('lies in the range of its message and in no range of another', () => {
    fc.assert(
      fc.property(messageIds, messageIds, bytes, (messageId, other, hash) => {
        const id = deliveryId(messageId, hash);
        const inside = (range: { from: string; to: string }) => range.from <= id && id < range.to;
        expect(isId('dlv', id)).toBe(true);
        expect(inside(deliveryIdRange(messageId))).toBe(true);
        expect(inside(deliveryIdRange(other))).toBe(other === messageId);
      }),
    );
  });
});

describe('deliverJobId()', () => {
  it('is read back into its parts, those of an idempotent message too', () => {
    const anyMessage = fc.oneof(messageIds, bytes.map(idempotentMessageId));
    fc.assert(
      fc.property(
        anyMessage,
        bytes,
        fc.integer({ min: 1, max: 999_999_999 }),
        (messageId, hash, generation) => {
          const id = deliveryId(messageId, hash);
          const job = deliverJobId(id, generation);
          expect(parseDeliverJobId(job)).toEqual({ deliveryId: id, messageId, generation });
          expect(job).not.toContain(':');
        },
      ),
    );
  });

  it.each(['', 'dlv_1_g1', `dlv_${'0'.repeat(42)}`, `dlv_${'0'.repeat(42)}_g`, `x_${'0'.repeat(42)}_g1`])(
    'is not %j',
    (text) => {
      expect(parseDeliverJobId(text)).toBeUndefined();
    },
  );
});

describe('base32()', () => {
  it('writes five bits a character', () => {
    expect(base32(Uint8Array.of(0, 0, 0, 0, 0))).toBe('00000000');
    expect(base32(Uint8Array.of(255, 255, 255, 255, 255))).toBe('zzzzzzzz');
    expect(base32(Uint8Array.of(0b00001_000, 0b10_00000_0))).toBe('120');
  });
});
