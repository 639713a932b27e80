import type { Drawing } from '../src/ui/plot-options.ts';
import { AT } from './facts.ts';

const STEP_MS = 60_000;
const START_MS = Date.parse(AT.replace(/:\d\d\.\d+Z/, ':00.000Z'));
const PLACES = Array.from({ length: 60 }, (_, place) => place);
const atMs = PLACES.map((place) => START_MS + place * STEP_MS);

/** An hour in which something went wrong between its 20th and 24th minute. */
export const COUNTS: Drawing = {
  atMs,
  stepMs: STEP_MS,
  shape: 'counts',
  growsFromMs: START_MS + 58 * STEP_MS,
  format: String,
  series: [
    { id: 'accepted', label: 'accepted', tone: 'busy', values: PLACES.map(() => 8), whole: '480' },
    {
      id: 'delivered',
      label: 'delivered',
      tone: 'good',
      dash: [7, 2],
      values: PLACES.map((place) => (place > 19 && place < 25 ? 2 : 8)),
      whole: '450',
    },
    {
      id: 'dead',
      label: 'dead',
      tone: 'bad',
      dash: [2, 2],
      values: PLACES.map((place) => (place === 24 ? 3 : 0)),
      whole: '3',
    },
  ],
};

export const ONE_COUNT: Drawing = {
  ...COUNTS,
  series: COUNTS.series.map((one) => ({ ...one, values: PLACES.map((place) => (place === 30 ? 1 : 0)) })),
};

export const NO_COUNTS: Drawing = {
  ...COUNTS,
  series: COUNTS.series.map((one) => ({ ...one, values: PLACES.map(() => null), whole: '0' })),
};

/** Milliseconds, with a gap where nothing was delivered. */
export const TIMES: Drawing = {
  ...COUNTS,
  shape: 'sizes',
  format: (ms) => `${ms} ms`,
  series: [
    {
      id: 'p50',
      label: 'p50',
      tone: 'good',
      values: PLACES.map((place) => (place === 21 || place === 23 ? null : 40 + place)),
    },
    {
      id: 'p99',
      label: 'p99',
      tone: 'wait',
      dash: [2, 3],
      values: PLACES.map((place) => (place === 22 ? 61_000 : 400)),
    },
  ],
};
