import type { DeliveryRecord } from '@anika/core/delivery/transition';
import type { DeliveryId } from '@anika/core/ids';
import { Unavailable } from '@anika/runtime/unavailable';
import { describe, expect, it, vi } from 'vitest';
import { createRecordAttempts } from './record-attempts.ts';

const RECORD: DeliveryRecord = {
  id: 'dlv_1' as DeliveryId,
  generation: 1,
  state: 'cancelled',
  reason: 'recalled',
  finishedAtMs: 1,
};

function recording(record: (batch: readonly DeliveryRecord[]) => Promise<void>) {
  const warn = vi.fn();
  const now = vi.fn(() => Date.now());
  return { ...createRecordAttempts({ record, logger: { warn }, clock: { now } }), warn, now };
}

describe('recordAttempts()', () => {
  it('writes together what comes while a write is under way', async () => {
    const batches: number[] = [];
    const { add } = recording(async (batch) => void batches.push(batch.length));
    await Promise.all([add(RECORD), add(RECORD), add(RECORD)]);
    expect(batches.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(batches.length).toBeLessThan(3);
  });

  it('waits for a database that is away, and says so', async () => {
    const answers = [new Unavailable('MongoDB')];
    const { add, warn } = recording(async () => {
      const error = answers.pop();
      if (error !== undefined) throw error;
    });
    await add(RECORD);
    expect(warn).toHaveBeenCalledOnce();
  });

  it('does not wait where the write itself is wrong, or once the process has to end', async () => {
    const wrong = recording(async () => {
      throw new Error('no such field');
    });
    await expect(wrong.add(RECORD)).rejects.toThrow('no such field');
    const away = recording(async () => {
      away.now.mockReturnValue(Number.MAX_SAFE_INTEGER);
      throw new Unavailable('MongoDB');
    });
    await expect(away.add(RECORD)).rejects.toThrow(Unavailable);
    expect(away.warn).not.toHaveBeenCalled();
  });
});
