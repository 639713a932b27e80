import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import { STREAM_KINDS, type StoredChange } from '@anika/core/stream/stream-event';
import { describe, expect, it } from 'vitest';
import { createListener } from './listener.ts';

const partnerId = `par_${'1'.repeat(26)}` as PartnerId;
const topicId = `top_${'1'.repeat(26)}` as TopicId;

const change = (increment: number): StoredChange => ({
  position: { seconds: 1, increment, nth: 0 },
  kind: 'message',
  message: {
    id: `msg_${String(increment).padStart(26, '0')}` as MessageId,
    topicId,
    ownerId: partnerId,
    type: 't',
    acceptedAtMs: 0,
    audience: undefined,
  },
});

function newListener(kinds = STREAM_KINDS as readonly (typeof STREAM_KINDS)[number][]) {
  const filter = { kinds, topicId: undefined, subscriptionId: undefined };
  return createListener({ partnerId, filter, from: { seconds: 1, increment: 0, nth: 0 } });
}

async function all(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of lines) text += chunk;
  return text;
}

describe('a listener', () => {
  it('gets each change once, whoever offers it, with the position after which it goes on', async () => {
    const listener = newListener();
    for (const one of [change(1), change(2), change(2), change(1), change(3)]) listener.offer(one);
    listener.end('time-over');
    const text = await all(listener.lines);
    expect([...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id)).toEqual(['1.1.0', '1.2.0', '1.3.0']);
    expect(text).toMatch(/event: end\ndata: {"reason":"time-over"}\n\n$/);
  });

  it('keeps its position where it is not told of a change', () => {
    const listener = newListener(['state']);
    listener.offer(change(4));
    listener.comment();
    expect(listener.position()).toEqual({ seconds: 1, increment: 4, nth: 0 });
  });

  it('that does not read is ended, and told so when it reads again', async () => {
    const listener = newListener();
    for (let i = 1; i < 5000; i += 1) listener.offer(change(i));
    expect(listener.ended.aborted).toBe(true);
    const text = await all(listener.lines);
    expect(text).toBe('event: end\ndata: {"reason":"too-slow"}\n\n');
  });

  it('is drained when its reader waits for more', async () => {
    const listener = newListener();
    listener.offer(change(1));
    const drained = listener.drained();
    const reading = all(listener.lines);
    await drained;
    listener.end('restarting');
    expect(await reading).toContain('1.1.0');
  });

  it('whose reader goes away is ended', async () => {
    const listener = newListener();
    await listener.lines.next();
    await listener.lines.return?.();
    expect(listener.ended.aborted).toBe(true);
    await listener.drained();
  });
});
