import { createJobSeal } from './job-seal.ts';

/** For tests: seals under a key that everybody knows. */
export const TEST_SEAL = createJobSeal(new Map([['k1', Buffer.alloc(32, 7)]]));
