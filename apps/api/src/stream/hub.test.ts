import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import { HistoryLost } from '@anika/core/stream/history-lost';
import { comparePositions, type Position } from '@anika/core/stream/position';
import { STREAM_KINDS, type StoredChange } from '@anika/core/stream/stream-event';
import { createLogger } from '@anika/runtime/logger';
import { eventually } from '@anika/testkit/eventually';
import { describe, expect, it } from 'vitest';
import { createHub } from './hub.ts';
import { createListener, type Listener } from './listener.ts';
import { createShowChanges } from './show-changes.ts';

const topicId = `top_${'1'.repeat(26)}` as TopicId;
const companies = ['1', '2', '3'].map((digit) => `par_${digit.repeat(26)}` as PartnerId);
const logger = createLogger({ name: 'test', level: 'silent' });
const at = (increment: number): Position => ({ seconds: 1, increment, nth: 0 });

function changeAt(increment: number, ownerId: PartnerId): StoredChange {
  const id = `msg_${String(increment).padStart(26, '0')}` as MessageId;
  const message = { id, topicId, ownerId, type: 't', acceptedAtMs: 0, audience: undefined };
  return { position: at(increment), kind: 'message', message };
}

/** A log that is read as the store's is: in batches, from any position, for as long as somebody reads. */
function createLog() {
  const log: StoredChange[] = [];
  let readers = 0;
  let broken: Error | undefined;
  return {
    log,
    readers: () => readers,
    breakOff(error: Error) {
      broken = error;
    },
    append(ownerId: PartnerId) {
      log.push(changeAt(log.length + 1, ownerId));
    },
    now: async () => at(log.length),
    async *read(from: Position, signal: AbortSignal) {
      readers += 1;
      try {
        let position = from;
        while (!signal.aborted) {
          await new Promise((resolve) => setImmediate(resolve));
          if (broken !== undefined) {
            const error = broken;
            broken = undefined;
            throw error;
          }
          const changes = log.filter((one) => comparePositions(one.position, position) > 0).slice(0, 3);
          position = changes.at(-1)?.position ?? position;
          yield { changes, position };
        }
      } finally {
        readers -= 1;
      }
    },
  };
}

function newListener(partnerId: PartnerId, from: Position) {
  const filter = { kinds: STREAM_KINDS, topicId: undefined, subscriptionId: undefined };
  const listener = createListener({ partnerId, filter, from });
  const told = { ids: [] as number[], text: '' };
  void (async () => {
    for await (const chunk of listener.lines) {
      told.text += chunk;
      for (const [, increment] of chunk.matchAll(/^id: 1\.(\d+)\.0$/gm)) told.ids.push(Number(increment));
    }
  })();
  return { listener, told };
}

function createWorld() {
  const log = createLog();
  const show = createShowChanges({
    route: async () => undefined,
    findMessages: async () => new Map(),
    clock: { now: () => 0 },
  });
  return { log, hub: createHub({ now: log.now, read: log.read, show, logger }) };
}

describe('the hub', () => {
  it('tells every listener all that concerns it, once and in order, whenever it comes', async () => {
    const { log, hub } = createWorld();
    const owner = (n: number) => companies[n % companies.length] as PartnerId;
    const open: { told: { ids: number[] }; from: number; partnerId: PartnerId; listener: Listener }[] = [];
    for (let round = 0; round < 60; round += 1) {
      for (let n = 0; n < round % 7; n += 1) log.append(owner(round * n + n));
      if (round % 4 === 0) {
        const from = Math.max(0, log.log.length - (round % 11));
        const partnerId = owner(round / 4);
        const { listener, told } = newListener(partnerId, at(from));
        open.push({ told, from, partnerId, listener });
        if (from === log.log.length) void hub.joinNow(listener);
        else void hub.joinFrom(listener);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { told, from, partnerId } of open) {
      const wanted = log.log.flatMap((one) =>
        one.kind === 'message' && one.message.ownerId === partnerId && one.position.increment > from
          ? [one.position.increment]
          : [],
      );
      await eventually(() => expect(told.ids).toEqual(wanted));
    }
    for (const { listener } of open) listener.end('time-over');
    await eventually(() => log.readers() === 0);
  });

  it('reads nothing while nobody listens, and once for all who do', async () => {
    const { log, hub } = createWorld();
    expect(log.readers()).toBe(0);
    const three = companies.map((partnerId) => newListener(partnerId, at(0)));
    for (const { listener } of three) await hub.joinNow(listener);
    await eventually(() => log.readers() === 1);
    for (const { listener } of three) listener.end('time-over');
    await eventually(() => log.readers() === 0);
  });

  it('goes on where it was when the store went away', async () => {
    const { log, hub } = createWorld();
    const { listener, told } = newListener(companies[0] as PartnerId, at(0));
    await hub.joinNow(listener);
    log.append(companies[0] as PartnerId);
    await eventually(() => told.ids.length === 1);
    log.breakOff(new Error('away'));
    log.append(companies[0] as PartnerId);
    await eventually(() => expect(told.ids).toEqual([1, 2]));
    expect(told.text).not.toContain('lost');
    listener.end('time-over');
  });

  it('says so when the store has forgotten what lay between', async () => {
    const { log, hub } = createWorld();
    const { listener, told } = newListener(companies[0] as PartnerId, at(0));
    await hub.joinNow(listener);
    log.breakOff(new HistoryLost('gone'));
    await eventually(() => told.text.includes('event: lost\n'));
    log.append(companies[0] as PartnerId);
    await eventually(() => told.ids.includes(1));
    listener.end('time-over');
  });

  it('that is closed ends its listeners and takes no others', async () => {
    const { log, hub } = createWorld();
    const { listener, told } = newListener(companies[0] as PartnerId, at(0));
    await hub.joinNow(listener);
    hub.close();
    await eventually(() => told.text.includes('{"reason":"restarting"}'));
    const late = newListener(companies[0] as PartnerId, at(0));
    await expect(hub.joinNow(late.listener)).rejects.toThrow('unavailable');
    await eventually(() => log.readers() === 0);
  });
});
