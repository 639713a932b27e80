import { describe, expect, it, vi } from 'vitest';
import { createLifecycle } from './lifecycle.ts';
import { createLogger } from './logger.ts';

const silent = createLogger({ name: 'test', level: 'silent' });

describe('createLifecycle()', () => {
  it('closes in reverse order, each part after the one before is closed', async () => {
    const lifecycle = createLifecycle(silent);
    const events: string[] = [];
    for (const name of ['store', 'queue', 'server']) {
      lifecycle.onClose(name, async () => {
        events.push(`${name} closing`);
        await Promise.resolve();
        events.push(`${name} closed`);
      });
    }
    await lifecycle.close();
    expect(events).toEqual([
      'server closing',
      'server closed',
      'queue closing',
      'queue closed',
      'store closing',
      'store closed',
    ]);
  });

  it('closes once, however often it is asked', async () => {
    const lifecycle = createLifecycle(silent);
    const close = vi.fn(async () => undefined);
    lifecycle.onClose('store', close);
    await Promise.all([lifecycle.close(), lifecycle.close()]);
    await lifecycle.close();
    expect(close).toHaveBeenCalledOnce();
  });

  it('closes the others when one fails, and says which', async () => {
    const lines: string[] = [];
    const logger = createLogger({ name: 'test', level: 'warn' }, { write: (line) => void lines.push(line) });
    const lifecycle = createLifecycle(logger);
    const close = vi.fn(async () => undefined);
    lifecycle.onClose('store', close);
    lifecycle.onClose('queue', async () => {
      throw new Error('stuck');
    });
    await lifecycle.close();
    expect(close).toHaveBeenCalledOnce();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { part: 'queue', err: { message: 'stuck' } },
    ]);
  });
});
