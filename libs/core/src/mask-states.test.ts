import { describe, expect, it } from 'vitest';
import { type FieldMask, parseFieldMask, treeOf } from './field-mask.ts';
import { excludeState, type MaskState } from './mask-states.ts';

function maskOf(value: unknown): FieldMask {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.mask;
}

function below(state: MaskState, name: string): MaskState {
  return typeof state.object === 'string' ? state : state.object.member(name);
}

function items(state: MaskState): MaskState {
  return typeof state.array === 'string' ? state : state.array.items;
}

describe('excludeState()', () => {
  it('makes one state for each set of places, however often a message leads there', () => {
    const stars = (count: number) => Array(count).fill('*').join('.');
    const paths = Array.from({ length: 28 }, (_, n) => `data.${stars(n + 1)}.a.x`);
    const start = excludeState(treeOf(maskOf({ exclude: paths })));
    const reached = new Set<MaskState>();
    let state = start;
    for (let depth = 0; depth < 1000; depth += 1) {
      reached.add(state);
      reached.add(below(state, 'a'));
      reached.add(below(state, `other${depth}`));
      state = items(state);
    }
    expect(reached.size).toBeLessThan(100);
    expect(items(items(start))).toBe(items(items(start)));
    expect(below(items(start), 'a')).toBe(below(items(start), 'a'));
  });

  it('looks no further where no path leads', () => {
    const start = excludeState(treeOf(maskOf({ exclude: ['data.a.b'] })));
    expect(below(start, 'c')).toEqual({ scalar: 'show', array: 'show', object: 'show' });
    expect(below(below(start, 'a'), 'b')).toEqual({ scalar: 'hide', array: 'hide', object: 'hide' });
  });
});
