/** Kept on a delivery; older ones are dropped from the middle of a long redriven life. */
export const MAX_ATTEMPTS_KEPT = 50;
