import type { SubscriptionId } from '@anika/core/ids';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWaitingPollers, type Turn } from './waiting-pollers.ts';

const ID = 'sub_1' as SubscriptionId;
const OTHER = 'sub_2' as SubscriptionId;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function world() {
  const waiting = createWaitingPollers({ now: () => Date.now() });
  const ended: string[] = [];
  const goesOn = (name: string, turn: Turn, signal = new AbortController().signal) =>
    turn.next(Date.now() + 20_000, signal).then((isWoken) => {
      ended.push(`${name} ${isWoken ? 'woken' : 'over'}`);
    });
  const tick = () => vi.advanceTimersByTimeAsync(0);
  return { waiting, ended, goesOn, tick };
}

describe('createWaitingPollers()', () => {
  it('wakes one of those who wait for a subscription, the longest waiting first, and nobody else', async () => {
    const { waiting, ended, goesOn, tick } = world();
    void goesOn('a', waiting.enter(ID));
    void goesOn('b', waiting.enter(ID));
    void goesOn('c', waiting.enter(OTHER));
    waiting.wake([ID]);
    await tick();
    expect(ended).toEqual(['a woken']);
    waiting.wake([ID, OTHER]);
    await tick();
    expect(ended).toEqual(['a woken', 'b woken', 'c woken']);
  });

  it('forgets no wake-up that comes while somebody looks', async () => {
    const { waiting, ended, goesOn, tick } = world();
    const turn = waiting.enter(ID);
    waiting.wake([ID]);
    void goesOn('a', turn);
    await tick();
    expect(ended).toEqual(['a woken']);
    void goesOn('a', turn);
    await tick();
    expect(ended).toHaveLength(1); // one look for one wake-up
  });

  it('leaves what somebody was woken for, and did not look for, to the next', async () => {
    const { waiting, ended, goesOn, tick } = world();
    const leaving = waiting.enter(ID);
    void goesOn('b', waiting.enter(ID));
    waiting.wake([ID]);
    await tick();
    expect(ended).toEqual([]);
    leaving.leave();
    await tick();
    expect(ended).toEqual(['b woken']);
  });

  it('ends a wait at its time, and when its caller goes away', async () => {
    const { waiting, ended, goesOn, tick } = world();
    const caller = new AbortController();
    void goesOn('a', waiting.enter(ID));
    void goesOn('b', waiting.enter(ID), caller.signal);
    caller.abort();
    await tick();
    expect(ended).toEqual(['b over']);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(ended).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['b over', 'a over']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets everybody go when it is closed, also who comes later', async () => {
    const { waiting, ended, goesOn, tick } = world();
    void goesOn('a', waiting.enter(ID));
    waiting.close();
    void goesOn('b', waiting.enter(ID));
    await tick();
    expect(ended.sort()).toEqual(['a over', 'b over']);
  });

  it('knows for whom somebody waits', () => {
    const { waiting } = world();
    const turns = [waiting.enter(ID), waiting.enter(ID), waiting.enter(OTHER)];
    expect([...waiting.ids()].sort()).toEqual([ID, OTHER]);
    for (const turn of turns) turn.leave();
    expect(waiting.ids()).toEqual([]);
  });
});
