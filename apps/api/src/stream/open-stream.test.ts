import type { PartnerCaller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import type { PartnerId } from '@anika/core/ids';
import { STREAM_KINDS } from '@anika/core/stream/stream-event';
import { createLogger } from '@anika/runtime/logger';
import { eventually } from '@anika/testkit/eventually';
import { describe, expect, it } from 'vitest';
import { createOpenStream } from './open-stream.ts';

const partnerId = `par_${'1'.repeat(26)}` as PartnerId;
const by = { kind: 'user', partnerId, role: 'admin' } as PartnerCaller;
const filter = { kinds: STREAM_KINDS, topicId: undefined, subscriptionId: undefined };

function createWorld(callerNow: () => Promise<PartnerCaller> = async () => by) {
  let nowMs = 0;
  const open = createOpenStream({
    hub: {
      joinNow: async (listener) => listener.reach({ seconds: 7, increment: 1, nth: 0 }),
      joinFrom: async () => undefined,
    },
    refusesTopic: async () => false,
    sharesSubscription: async () => true,
    refuse: async () => new Failure('forbidden', ''),
    admitCatchUp: async () => undefined,
    maxStreams: 1,
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => nowMs },
  });
  return {
    later: (ms: number) => {
      nowMs += ms;
    },
    async open(gone = new AbortController()) {
      const told = { text: '', isOver: false };
      const request = { filter, lastEventId: undefined, seconds: undefined, callerNow, gone: gone.signal };
      const lines = await open(request, by);
      void (async () => {
        for await (const chunk of lines) told.text += chunk;
        told.isOver = true;
      })();
      return told;
    },
  };
}

describe('an open stream', () => {
  it('says at once where it begins, for whoever is cut off before anything happens', async () => {
    const told = await createWorld().open();
    await eventually(() => told.text.includes('id: 7.1.0\n: still there\n'));
  });

  it('has a sign of life every 15 seconds', async () => {
    const world = createWorld();
    const gone = new AbortController();
    const told = await world.open(gone);
    for (const count of [2, 3, 4]) {
      world.later(15_000);
      await eventually(() => told.text.split(': still there\n').length - 1 === count);
    }
    gone.abort();
    await eventually(() => told.isOver);
  });

  it('goes on while a store is away, and ends when its caller is nobody any more', async () => {
    const answers = [new Error('away'), new Error('away'), new Failure('unauthenticated', 'over')];
    const told = await createWorld(async () => {
      const error = answers.length > 1 ? answers.shift() : answers[0];
      throw error;
    }).open();
    await eventually(() => told.text.includes('{"reason":"signed-out"}'));
    expect(answers).toHaveLength(1);
    await eventually(() => told.isOver);
  });

  it('takes a place that is free again when its client has gone', async () => {
    const world = createWorld();
    const gone = new AbortController();
    await world.open(gone);
    await expect(world.open()).rejects.toMatchObject({ code: 'rate-limited' });
    gone.abort();
    await world.open();
  });
});
