import { invalid } from '@anika/core/failures';
import type { TimeCursor } from '@anika/stores/mongo/message-search';
import { decodeTimeCursor } from '../http/page.ts';

/** Topics that are searched in the same way, each kind with a position of its own. */
export const KINDS = ['full', 'filtered', 'masked'] as const;
export type Kind = (typeof KINDS)[number];

/** How far each kind has been looked at: `start`, after a message, or (not in here) to the end. */
export type Positions = ReadonlyMap<Kind, TimeCursor | 'start'>;

export const FROM_THE_START: Positions = new Map(KINDS.map((kind) => [kind, 'start']));

const SIGNS: Readonly<Record<Kind, string>> = { full: 'w', filtered: 'f', masked: 'm' };
const PART = /^([wfm])(?:-|(\d{1,15}) ([a-z]{3}_[0-9a-z]{16,64}))$/;

/** Null: all has been looked at. */
export function encodePositions(positions: Positions): string | null {
  if (positions.size === 0) return null;
  const parts = [...positions].map(
    ([kind, at]) => SIGNS[kind] + (at === 'start' ? '-' : `${at.acceptedAtMs} ${at.id}`),
  );
  return Buffer.from(parts.join(',')).toString('base64url');
}

export function decodePositions(cursor: string | undefined): Positions {
  if (cursor === undefined) return FROM_THE_START;
  const text = Buffer.from(cursor, 'base64url').toString();
  // One position for all, as cursors were before.
  if (/^\d/.test(text)) {
    const all = decodeTimeCursor(cursor);
    if (all !== undefined) return new Map(KINDS.map((kind) => [kind, all]));
  }
  return new Map(text.split(',').map(decodePart));
}

function decodePart(part: string): [Kind, TimeCursor | 'start'] {
  const [, sign, ms, id] = PART.exec(part) ?? [];
  const kind = KINDS.find((one) => SIGNS[one] === sign);
  if (kind === undefined) throw invalid('cursor', 'is not a nextCursor of this list');
  return [kind, ms === undefined || id === undefined ? 'start' : { acceptedAtMs: Number(ms), id }];
}
