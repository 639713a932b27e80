import { createHash } from 'node:crypto';
import type { ErasureId, MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Recalled } from '@anika/core/recall';
import type { ClaimedErasure } from '@anika/stores/postgres/erasures';
import { describe, expect, it } from 'vitest';
import { createErase, type EraseNeeds } from './erase.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 1_800_000_000_000;
const ID = 'era_1' as ErasureId;

type Stored = { readonly topicId: TopicId; readonly message: Message; recalled?: Recalled };

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Two topics of so many messages each, in memory, with what an erasure does to them. */
function scene({
  perTopic = 450,
  ageMs = DAY_MS,
  kind = 'key' as ClaimedErasure['kind'],
  waited = 0,
  isDeferred = false,
} = {}) {
  const topics = ['top_a', 'top_b'] as TopicId[];
  const stored: Stored[] = topics.flatMap((topicId) =>
    Array.from({ length: perTopic }, (_, n) => ({
      topicId,
      message: {
        id: `msg_${topicId}_${String(n).padStart(4, '0')}` as MessageId,
        topicId,
        ownerId: 'par_1' as PartnerId,
        type: 'a',
        key: 'person',
        dataText: `${n}`,
        acceptedAtMs: NOW_MS - ageMs + n,
        audience: undefined,
      },
    })),
  );
  const log: string[] = [];
  const carried: string[] = [];
  let saved: Partial<ClaimedErasure> = {};
  let state = 'running';
  let fails: (() => void) | undefined;
  const of = (topicId: TopicId, afterMs: number) =>
    stored.filter((one) => one.topicId === topicId && one.message.acceptedAtMs > afterMs);
  const needs: EraseNeeds = {
    criterionOf: () => ({ text: '', tree: { kind: 'and', nodes: [] } }),
    nextTopic: async (_partnerId, after) => topics.find((id) => after === undefined || id > after),
    async placeAfter(topicId, after, count) {
      const found = of(topicId, after?.acceptedAtMs ?? 0)[count - 1]?.message;
      return found && { acceptedAtMs: found.acceptedAtMs, id: found.id };
    },
    async *matching({ topicId, after, upTo }) {
      const inReach = of(topicId, after?.acceptedAtMs ?? 0).filter(
        ({ message }) => message.acceptedAtMs <= (upTo?.acceptedAtMs ?? Number.POSITIVE_INFINITY),
      );
      for (const { message, recalled } of inReach) {
        yield recalled === undefined ? { kind: 'message', message } : { kind: 'erased', recalled };
      }
    },
    beingFannedOut: async (ids) => new Set(isDeferred ? ids : []),
    async recall(recalls) {
      for (const one of recalls) {
        const found = stored.find(({ message }) => message.id === one.id);
        if (found === undefined) throw new Error('no such message');
        found.recalled = { ...found.message, recalledAtMs: one.atMs, reason: one.reason, hash: one.hash };
        if (one.lookAtMs !== undefined) log.push('look');
      }
      log.push(`recall ${recalls.length}`);
      fails?.();
    },
    cancelUnstored: async () => void log.push('unstored'),
    async carryOut({ id }, reason) {
      carried.push(`${id} ${reason}`);
      return waited;
    },
    lookFrom: async () => void log.push('look from'),
    removeAllWords: async (topicId) => void log.push(`words of ${topicId}`),
    async advance(_id, progress) {
      saved = { ...progress };
      return true;
    },
    async finish() {
      state = 'done';
      return true;
    },
    finished: (_erasure, erased) => void log.push(`finished ${erased}`),
    clock: { now: () => NOW_MS },
  };
  const erase = createErase(needs);
  return {
    stored,
    log,
    carried,
    needs,
    state: () => state,
    saved: () => saved,
    failOnce(error: Error) {
      fails = () => {
        fails = undefined;
        throw error;
      };
    },
    /** One turn of a dispatcher that takes up what was saved. */
    run(steps = Number.POSITIVE_INFINITY) {
      let left = steps;
      const claimed = {
        ...{
          id: ID,
          partnerId: 'par_1' as PartnerId,
          topicId: kind === 'topic' ? topics[0] : undefined,
          kind,
        },
        ...{ criterionHash: 'aa', reason: 'asked', state: 'running', matched: 0, erased: 0 },
        ...{ proofHash: undefined, createdAtMs: NOW_MS, finishedAtMs: undefined },
        ...{ sealedCriterion: 'sealed', position: undefined },
        ...saved,
      } as ClaimedErasure;
      const isOver = () => {
        left -= 1;
        return left < 0;
      };
      return erase(claimed, { name: 'lease', isOver });
    },
  };
}

function proofOf(stored: readonly Stored[]): string {
  return stored.reduce(
    (hash, { message }) => sha256(`${hash}\n${message.id} ${sha256(message.dataText)}`),
    sha256(ID),
  );
}

describe('an erasure', () => {
  it('goes through all topics in steps, and its proof is over each message once, in order', async () => {
    const { run, stored, log, saved, state, carried } = scene();
    await run();
    expect(state()).toBe('done');
    expect(log).toEqual([...[200, 200, 50, 200, 200, 50].map((n) => `recall ${n}`), 'finished 900']);
    expect(carried).toHaveLength(900);
    expect(saved()).toMatchObject({ matched: 900, erased: 900, proofHash: proofOf(stored) });
  });

  it('stops when its turn is over, and the next one goes on where it stopped', async () => {
    const { run, stored, saved, state } = scene();
    for (let turns = 0; state() === 'running'; turns += 1) {
      expect(turns).toBeLessThan(10);
      await run(1);
    }
    expect(saved()).toMatchObject({ erased: 900, proofHash: proofOf(stored) });
  });

  it('that dies between a step and its note does the step again, and counts nothing twice', async () => {
    const { run, stored, saved, failOnce } = scene();
    await run(2);
    failOnce(new Error('killed'));
    await expect(run()).rejects.toThrow('killed');
    await run();
    expect(saved()).toMatchObject({ matched: 900, erased: 900, proofHash: proofOf(stored) });
  });

  it('whose lease somebody else has by now notes and ends nothing', async () => {
    const { run, needs, state } = scene();
    Object.assign(needs, { advance: async () => false });
    await run();
    expect(state()).toBe('running');
  });

  it('of a topic says so to what waits, and takes its words away together', async () => {
    const { run, log, carried } = scene({ kind: 'topic', perTopic: 2 });
    await run();
    expect(log).toEqual(['recall 2', 'words of top_a', 'finished 2']);
    expect(carried.every((one) => one.endsWith(' topic-deleted'))).toBe(true);
  });

  it('looks again only where something may come late: of young messages, and of what was on its way', async () => {
    const old = scene({ perTopic: 1 });
    await old.run();
    expect(old.log).not.toContain('look');
    const deferred = scene({ perTopic: 2, ageMs: DAY_MS, isDeferred: true });
    await deferred.run();
    expect(deferred.log.filter((line) => line === 'look')).toHaveLength(4);
    const young = scene({ perTopic: 1, ageMs: 1000 });
    await young.run();
    expect(young.log.filter((line) => line === 'look' || line === 'unstored')).toHaveLength(4);
    const waiting = scene({ perTopic: 1, waited: 1 });
    await waiting.run();
    expect(waiting.log.filter((line) => line === 'look from')).toHaveLength(2);
  });
});
