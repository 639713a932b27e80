import { describe, expect, it } from 'vitest';
import { type Happening, happeningOf, KEPT, withNewer } from './use-stream.ts';

const happening = (position: string, more: Partial<Happening> = {}): Happening => ({
  position,
  kind: 'attempt',
  deliveryId: 'dlv_1',
  n: 1,
  ...more,
});

describe('withNewer()', () => {
  it('puts the newest first and takes none twice, as after a reconnection', () => {
    const before = withNewer([], [happening('1'), happening('2')]);
    const after = withNewer(before, [happening('2'), happening('3')]);
    expect(after.map(({ position }) => position)).toEqual(['3', '2', '1']);
  });

  it('tells apart what one change has made', () => {
    const all = [happening('1'), happening('1', { n: 2 }), happening('1', { kind: 'state' })];
    expect(withNewer([], all)).toHaveLength(3);
  });

  it('keeps no more than it may', () => {
    const many = Array.from({ length: KEPT + 7 }, (_, n) => happening(String(n)));
    const kept = withNewer([], many);
    expect(kept).toHaveLength(KEPT);
    expect(kept[0]?.position).toBe(String(KEPT + 6));
  });
});

describe('happeningOf()', () => {
  it('reads an event', () => {
    const text =
      '{"id":"msg_1","topicId":"top_1","type":"car.selected","acceptedAt":"2026-11-27T10:00:00.000Z"}';
    expect(happeningOf('message', 'p1', text)).toMatchObject({
      kind: 'message',
      id: 'msg_1',
      position: 'p1',
    });
  });

  it.each(['', '{', '[]', '{"n":"one"}'])('takes %s for none', (text) => {
    expect(happeningOf('attempt', 'p1', text)).toBeUndefined();
  });
});
