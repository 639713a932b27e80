import { describe, expect, it } from 'vitest';
import type { ReplayStatus } from './replay.ts';
import { type ReplayInput, transition } from './transition.ts';

const RUNNING: ReplayStatus = { state: 'running' };
const ASKED: ReplayStatus = { state: 'paused', reason: 'asked' };
const FAILING: ReplayStatus = { state: 'paused', reason: 'endpoint-failing' };
const DONE: ReplayStatus = { state: 'done' };
const STOPPED: ReplayStatus = { state: 'stopped', reason: 'asked' };
const ALL = [RUNNING, ASKED, FAILING, DONE, STOPPED];

/** What each becomes, in the order of `ALL`; undefined: refused. */
const TABLE: readonly [ReplayInput, readonly (ReplayStatus | undefined)[]][] = [
  ['pause', [ASKED, undefined, ASKED, undefined, undefined]],
  ['resume', [undefined, RUNNING, RUNNING, undefined, undefined]],
  ['stop', [STOPPED, STOPPED, STOPPED, undefined, undefined]],
];

describe('transition() of a replay', () => {
  it.each(TABLE)('%s', (input, expected) => {
    const became = ALL.map((before) => {
      const after = transition(before, input);
      return after.kind === 'to' ? after.status : undefined;
    });
    expect(became).toEqual(expected);
  });

  it('says in which states it may be done', () => {
    expect(transition(DONE, 'resume')).toEqual({ kind: 'refused', must: 'paused' });
    expect(transition(DONE, 'stop')).toEqual({ kind: 'refused', must: 'running or paused' });
  });
});
