import type { MessageId } from '@anika/core/ids';
import { RECALL_LATE_MS } from '@anika/core/recall';
import { describe, expect, it } from 'vitest';
import { createRecalledMessages } from './recalled-messages.ts';

const ID = 'msg_1' as MessageId;

function scene() {
  const state = {
    nowMs: 10_000_000,
    recalled: [] as MessageId[],
    asked: [] as number[],
    learned: [] as string[],
  };
  const messages = createRecalledMessages({
    async recalledSince(sinceMs) {
      state.asked.push(sinceMs);
      return state.recalled;
    },
    learned: (id) => void state.learned.push(id),
    clock: { now: () => state.nowMs },
  });
  return { state, messages, message: { id: ID, acceptedAtMs: state.nowMs } };
}

describe('what a job brought along', () => {
  it('is good while it is known that its message was not recalled', async () => {
    const { messages, message } = scene();
    expect(messages.vouchesFor(message)).toBe(false);
    await messages.look();
    expect(messages.vouchesFor(message)).toBe(true);
  });

  it('is not once its message was, and it is told once', async () => {
    const { state, messages, message } = scene();
    state.recalled = [ID];
    await messages.look();
    await messages.look();
    expect(messages.vouchesFor(message)).toBe(false);
    expect(messages.has(ID)).toBe(true);
    expect(state.learned).toEqual([ID]);
  });

  it('is not when the last look is old', async () => {
    const { state, messages, message } = scene();
    await messages.look();
    state.nowMs += 1001;
    expect(messages.vouchesFor(message)).toBe(false);
  });

  it('is not of a message that is older than what is known of', async () => {
    const { state, messages } = scene();
    await messages.look();
    expect(messages.vouchesFor({ id: ID, acceptedAtMs: state.nowMs - RECALL_LATE_MS })).toBe(false);
  });
});

it('asks for all that still counts at first, then for what is new, and forgets in the end', async () => {
  const { state, messages } = scene();
  state.recalled = [ID];
  await messages.look();
  expect(state.asked[0]).toBeLessThanOrEqual(state.nowMs - RECALL_LATE_MS);
  state.recalled = [];
  state.nowMs += 250;
  await messages.look();
  expect(state.nowMs - (state.asked[1] ?? 0)).toBeLessThan(15_000);
  expect(messages.has(ID)).toBe(true);
  state.nowMs += RECALL_LATE_MS + 30_000;
  await messages.look();
  expect(messages.has(ID)).toBe(false);
});
