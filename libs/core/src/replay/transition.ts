import type { ReplayStatus } from './replay.ts';

/** What its partner asks of a replay. */
export type ReplayInput = 'pause' | 'resume' | 'stop';

export type ReplayTransition =
  | { readonly kind: 'to'; readonly status: ReplayStatus }
  /** `must` says in which states it may be done. */
  | { readonly kind: 'refused'; readonly must: string };

/** What follows from each request in each state, pure and total. */
export function transition(before: ReplayStatus, input: ReplayInput): ReplayTransition {
  const isOpen = before.state === 'running' || before.state === 'paused';
  switch (input) {
    case 'pause':
      // One that the broker has paused does not go on by itself then.
      return isOpen && before.reason !== 'asked'
        ? { kind: 'to', status: { state: 'paused', reason: 'asked' } }
        : { kind: 'refused', must: 'running' };
    case 'resume':
      return before.state === 'paused'
        ? { kind: 'to', status: { state: 'running' } }
        : { kind: 'refused', must: 'paused' };
    case 'stop':
      return isOpen
        ? { kind: 'to', status: { state: 'stopped', reason: 'asked' } }
        : { kind: 'refused', must: 'running or paused' };
  }
}
