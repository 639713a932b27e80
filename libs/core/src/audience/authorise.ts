import { grantState } from '../access.ts';
import type { ReasonOf } from '../delivery/reasons.ts';
import { lets, type Readable, type ReadGrant } from './rules.ts';

/**
 * Whether a grant lets its partner read a message now; undefined when it does, else why not. Asked right before each
 * POST, and by every read: the one rule of who sees what.
 */
export function refusalOf(
  grant: ReadGrant | undefined,
  message: Readable,
  nowMs: number,
): ReasonOf<'cancelled'> | undefined {
  if (grant === undefined) return 'grant-revoked';
  if (lets(grant, message, nowMs)) return undefined;
  const state = grantState(grant, nowMs);
  return state === 'active' ? 'grant-narrowed' : `grant-${state}`;
}
