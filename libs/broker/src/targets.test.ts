import type { SubscriptionId, TopicId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import { describe, expect, it } from 'vitest';
import { createTargets } from './targets.ts';

const [A, B] = ['top_a', 'top_b'] as [TopicId, TopicId];

function targets(topics: Readonly<Record<string, TopicId>>) {
  const loads: string[] = [];
  const gates: (() => void)[] = [];
  let isHeld = false;
  const cache = createTargets({
    async load(id) {
      loads.push(id);
      if (isHeld) await new Promise<void>((resolve) => void gates.push(resolve));
      const topic = { id: topics[id], ownerId: 'par_1' };
      return { subscription: { id, partnerId: 'par_1' }, topic, sealedSecrets: [] } as unknown as Target;
    },
    prepare: () => ({}),
  });
  const get = (...ids: string[]) => Promise.all(ids.map((id) => cache.get(id as SubscriptionId)));
  return {
    ...cache,
    get,
    /** What was loaded since it was asked last. */
    loaded: () => loads.splice(0),
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
      for (const open of gates.splice(0)) open();
    },
  };
}

describe('createTargets()', () => {
  it('forgets, when a topic changes, the targets of that topic and no others', async () => {
    const { get, forget, loaded } = targets({ sub_1: A, sub_2: A, sub_3: B });
    await get('sub_1', 'sub_2', 'sub_3');
    loaded();
    forget({ kind: 'topic', id: A });
    await get('sub_1', 'sub_2', 'sub_3');
    expect(loaded()).toEqual(['sub_1', 'sub_2']);
    await get('sub_1', 'sub_2', 'sub_3');
    expect(loaded()).toEqual([]);
  });

  it('forgets one subscription, and with a partner all', async () => {
    const { get, forget, loaded } = targets({ sub_1: A, sub_2: A, sub_3: B });
    await get('sub_1', 'sub_2', 'sub_3');
    loaded();
    forget({ kind: 'subscription', id: 'sub_2' });
    await get('sub_1', 'sub_2', 'sub_3');
    expect(loaded()).toEqual(['sub_2']);
    forget({ kind: 'partner', id: 'par_9' });
    await get('sub_1', 'sub_2', 'sub_3');
    expect(loaded()).toEqual(['sub_1', 'sub_2', 'sub_3']);
  });

  it('answers with, and does not keep, what was being loaded when its topic changed', async () => {
    const { get, forget, loaded, hold, release } = targets({ sub_1: A });
    hold();
    const asked = get('sub_1');
    await Promise.resolve();
    forget({ kind: 'topic', id: A });
    release();
    expect((await asked)[0]?.target.topic.id).toBe(A);
    await get('sub_1');
    expect(loaded()).toEqual(['sub_1', 'sub_1']);
  });

  it('forgets again what was loaded again', async () => {
    const { get, forget, loaded } = targets({ sub_1: A });
    for (let times = 0; times < 3; times += 1) {
      await get('sub_1');
      forget({ kind: 'topic', id: A });
    }
    expect(loaded()).toEqual(['sub_1', 'sub_1', 'sub_1']);
  });
});
