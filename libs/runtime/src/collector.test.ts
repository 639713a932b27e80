import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCollector } from './collector.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createCollector()', () => {
  it('hands on together what came within its time', async () => {
    const flushed: string[][] = [];
    const collector = createCollector<string>(async (items) => flushed.push([...items]), {
      everyMs: 100,
      failed: () => undefined,
    });
    collector.add(['a']);
    await vi.advanceTimersByTimeAsync(50);
    collector.add(['b', 'c']);
    expect(flushed).toEqual([]);
    await vi.advanceTimersByTimeAsync(50);
    collector.add(['d']);
    await vi.advanceTimersByTimeAsync(100);
    expect(flushed).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('hands on the rest when it is closed', async () => {
    const flush = vi.fn(async () => undefined);
    const collector = createCollector<number>(flush, { everyMs: 100, failed: () => undefined });
    collector.add([1]);
    await collector.close();
    expect(flush).toHaveBeenCalledExactlyOnceWith([1]);
  });

  it('says so when a flush fails, and goes on', async () => {
    const failed = vi.fn();
    const flush = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('away'));
    const collector = createCollector<number>(flush, { everyMs: 10, failed });
    collector.add([1]);
    await vi.advanceTimersByTimeAsync(10);
    collector.add([2]);
    await vi.advanceTimersByTimeAsync(10);
    expect(failed).toHaveBeenCalledOnce();
    expect(flush).toHaveBeenLastCalledWith([2]);
  });
});
