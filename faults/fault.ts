import type { Expectation } from './check.ts';
import type { Field, FieldOptions } from './field.ts';

export const AREAS = ['crashes', 'stores', 'network', 'endpoints', 'races', 'hostile', 'soak'] as const;
export type Area = (typeof AREAS)[number];

/** Something that goes wrong, and what must hold all the same. */
export type Fault = FieldOptions & {
  readonly area: Area;
  /** One line: what is done. */
  readonly about: string;
  /** In the run of `./anika test`; `field.isShort` tells it so. */
  readonly isShort?: true;
  /** Only when it is asked for by name. */
  readonly isLong?: true;
  /** Happens to servers of their own, whose data are on small disks: only root can make these. */
  readonly onSmallDisk?: true;
  readonly repeats: Expectation['repeats'];
  /** Default `['delivered']`. */
  readonly ends?: Expectation['ends'];
  /** How long the backlog may take to be gone after it, in seconds; default 90. */
  readonly settleSeconds?: number;
  run(field: Field): Promise<void>;
};
